"""The maintainers' words: prompts from `prompts/<id>.md`, fixed sentences from `prompts/wording/<language>.yaml`.

Text files in, frozen values out. Whatever is missing, empty, changed without a new version, or uses a variable that
nobody fills is named with its file and line before anything starts.
"""

from bot.prompts.loading import Checked, PromptSet, check_set, load_prompt, load_set, load_wording
from bot.prompts.prompt import Prompt
from bot.prompts.wording import Wording, Words

__all__ = [
    "Checked",
    "Prompt",
    "PromptSet",
    "Wording",
    "Words",
    "check_set",
    "load_prompt",
    "load_set",
    "load_wording",
]
