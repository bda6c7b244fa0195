"""BambooHR: who works here, in which job, under which manager, and since when."""
