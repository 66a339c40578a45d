"""The window around the pages: sidebar, menus, banners, tray, and how the program opens and quits."""
