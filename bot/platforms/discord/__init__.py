"""Discord as a platform. The client is the only owner of discord.py; what is shown is rendered apart from it."""
