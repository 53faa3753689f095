"""The SQL of coupons. A file is what a migration ran: once released, a change is a new file."""
