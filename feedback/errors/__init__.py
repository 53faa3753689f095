"""Everything that can go wrong at the support desk."""
