"""How the window looks: tokens, fonts, icons, the one style sheet, and the painting every widget shares."""
