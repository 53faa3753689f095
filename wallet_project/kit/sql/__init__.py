"""The kit's SQL. A file is what a migration ran: once released, a change is a new file."""
