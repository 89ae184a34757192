"""What the Bot API refuses about texts, entities and keyboards. The numbers are those of its documentation."""

from typing import Any

from bot.demo.refusals import bad_request

TEXT, CAPTION, ENTITIES = 4096, 1024, 100
CALLBACK_BYTES, COPY_TEXT, BUTTONS, PLACEHOLDER, TOAST = 64, 256, 100, 64, 200
ACTIONS = ("callback_data", "url", "copy_text", "switch_inline_query", "switch_inline_query_current_chat", "web_app")


def units(text: str) -> int:
    """How many UTF-16 units a text has: Telegram counts in them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def checked_text(arguments: dict[str, Any]) -> dict[str, Any]:
    """The text of a message and its entities, trimmed as the real server trims them."""
    text = str(arguments.get("text", ""))
    if not text.strip():
        raise bad_request("message text is empty")
    trimmed, entities = _trimmed(text, _entities(arguments, "entities"))
    if units(trimmed) > TEXT:
        raise bad_request("message is too long")
    return {"text": trimmed, "entities": entities}


def checked_caption(arguments: dict[str, Any]) -> dict[str, Any]:
    """The caption under a file, where there is one."""
    text = str(arguments.get("caption", ""))
    if not text.strip():
        return {}
    trimmed, entities = _trimmed(text, _entities(arguments, "caption_entities"))
    if units(trimmed) > CAPTION:
        raise bad_request("message caption is too long")
    return {"caption": trimmed, "caption_entities": entities}


def checked_markup(arguments: dict[str, Any], *, inline_only: bool = False) -> dict[str, Any] | None:
    """The keyboard under a message; None where there is none. `ForceReply` asks, but isn't part of a message."""
    markup = arguments.get("reply_markup")
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if inline_only:
            raise bad_request("inline keyboard expected")
        if units(str(markup.get("input_field_placeholder", ""))) > PLACEHOLDER:
            raise bad_request("input field placeholder is too long")
        return None
    rows = markup["inline_keyboard"]
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return {"inline_keyboard": rows} if buttons else None


def _check_button(button: dict[str, Any]) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    does = [action for action in ACTIONS if action in button]
    if len(does) != 1:
        raise bad_request("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= units(str(button["copy_text"].get("text", ""))) <= COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad_request("BUTTON_URL_INVALID")


def _entities(arguments: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The entities, each inside its text and on the borders of characters.

    Two checks are stricter than the real ones, which would only lose the formatting: there may be no more than a
    hundred, and no parse mode, since nothing that a model or document says may be read as markup.
    """
    if "parse_mode" in arguments:
        raise bad_request("can't parse entities: this bot never uses a parse mode")
    entities: list[dict[str, Any]] = arguments.get(name) or []
    if len(entities) > ENTITIES:
        raise bad_request("can't parse entities: there are too many")
    encoded = str(arguments["text" if name == "entities" else "caption"]).encode("utf-16-le", "surrogatepass")
    for entity in entities:
        begin, end = 2 * int(entity["offset"]), 2 * (int(entity["offset"]) + int(entity["length"]))
        if begin < 0 or end <= begin:
            raise bad_request("can't parse entities: receive an entity with incorrect offset or length")
        if end > len(encoded):
            raise bad_request(f"can't parse entities: entity at {begin // 2} ends after the end of the text")
        if _inside_a_character(encoded, begin) or _inside_a_character(encoded, end):
            raise bad_request(f"can't parse entities: entity at {begin // 2} cuts a UTF-16 symbol")
        if not encoded[begin:end].decode("utf-16-le", "surrogatepass").strip():
            raise bad_request(f"can't parse entities: entity at {begin // 2} covers no character")
    return entities


def _inside_a_character(encoded: bytes, at: int) -> bool:
    """Would a cut here leave the second half of a surrogate pair alone?"""
    return at < len(encoded) and 0xDC <= encoded[at + 1] <= 0xDF


def _trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    left = units(text) - units(text.lstrip())
    trimmed = text.strip()
    whole = units(trimmed)
    kept = []
    for entity in entities:
        begin = max(int(entity["offset"]) - left, 0)
        end = min(int(entity["offset"]) - left + int(entity["length"]), whole)
        if end > begin:
            kept.append(entity | {"offset": begin, "length": end - begin})
    return trimmed, kept


def checked_length(text: str, limit: int, problem: str) -> str:
    """A text that may be empty, but not longer than this many UTF-16 units."""
    if units(text) > limit:
        raise bad_request(problem)
    return text
