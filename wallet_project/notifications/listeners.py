"""What people are told of: events of every app become messages."""
