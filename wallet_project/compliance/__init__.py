"""What the law and our own rules ask of us, when it is due, and the proof that it was done."""
