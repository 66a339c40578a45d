"""Small tools that know no product noun: clock, ids, back-off, translation, branding, resource lookup."""
