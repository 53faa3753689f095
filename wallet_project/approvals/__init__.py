"""Four eyes: what one member of staff proposes, another one carries out. Stores plain ids, knows no app."""
