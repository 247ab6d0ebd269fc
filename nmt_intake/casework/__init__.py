"""What a person does with a case, once for every face: no screen, and nothing printed."""
