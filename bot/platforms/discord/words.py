"""The words of the commands in other languages. In en-US they stand in the table of commands, and nowhere else.

A language is one entry of TRANSLATIONS: Discord's name for it, and each English word or sentence with its translation.
What is missing stays English. Names have to be Discord's (lower case, at most 32 characters, no blanks).
"""

from __future__ import annotations

from collections.abc import Mapping

import discord
from discord import app_commands

TRANSLATIONS: Mapping[str, Mapping[str, str]] = {}
"""For example {"de": {"latest": "neueste", "The deals learnt of last": "Was zuletzt bekannt wurde"}}."""


class Words(app_commands.Translator):
    """Tells discord.py what a word of a command is in another language. (discord.py wants a class for this.)"""

    def __init__(self, translations: Mapping[str, Mapping[str, str]] = TRANSLATIONS) -> None:
        self._translations = translations

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        return self._translations.get(locale.value, {}).get(string.message)
