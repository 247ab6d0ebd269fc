"""The two pictures of the report, each as text and as a drawing."""
