"""What is in a file, whatever it is called: extension, libmagic on the whole of it, and structure must agree."""
