"""What must not stay behind: developer switches before, traces on the terminal after."""
