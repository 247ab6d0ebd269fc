from hypothesis import settings

# A busy machine is no failure: what is slow here is the machine, not one example.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
