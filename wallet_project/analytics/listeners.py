"""What staff are alerted of."""
