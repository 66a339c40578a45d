"""The way between the GUI thread and everything else."""
