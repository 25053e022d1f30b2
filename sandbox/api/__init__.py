"""The person's side over HTTP: what people with phones do, and what a tester turns."""
