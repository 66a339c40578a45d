"""One module per page: builds it and ties its signals to the window. Imported when the page is first needed."""
