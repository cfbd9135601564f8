"""Door one: the command line. One file a command group; heavy libraries are imported where they are used."""
