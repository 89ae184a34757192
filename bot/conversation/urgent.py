"""What is said in an emergency or a crisis: whom to call first, then what helps until help comes."""

from dataclasses import dataclass

from bot.answering.triage import Triage
from bot.domain.helplines import Helplines
from bot.domain.messages import Audience
from bot.prompts import Wording

PROFESSIONAL = frozenset({Audience.CLINICIAN, Audience.TRAINEE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Urgent:
    """The words for one message: its text, its reader, and the code of the chat's language, such as `de-AT`."""

    wording: Wording
    helplines: Helplines
    text: str
    language: str
    audience: Audience

    def emergency(self, sorted_: Triage) -> str:
        """The number, one line of first aid where a sign has one, and what the team must know."""
        lines = self.helplines.lines_for(self.language)
        said = [
            self.wording.say("emergency.call", number=lines.emergency.number)
            if lines
            else self.wording.say("emergency.call_anywhere")
        ]
        said += self._in_other_languages("emergency")
        if sorted_.first_aid:
            said.append(self.wording.say(f"emergency.{sorted_.first_aid.value}"))
        reader = "clinician" if self.audience in PROFESSIONAL else "family"
        return "\n".join([*said, self.wording.say(f"emergency.{reader}")])

    def crisis(self) -> str:
        """Sympathy, a line to call, a person to tell; a professional also reads what to do."""
        lines = self.helplines.lines_for(self.language)
        number = lines.emergency.number if lines else self.wording.say("crisis.number_anywhere")
        told = []
        if lines and lines.crisis:
            told.append(self.wording.say("crisis.line", line=str(lines.crisis)))
        if lines and lines.young:
            told.append(self.wording.say("crisis.young", line=str(lines.young)))
        told = told or [self.wording.say("crisis.line_anywhere")]
        said = [self.wording.say("crisis.sorry", number=number), *self._in_other_languages("crisis"), *told]
        said.append(self.wording.say("crisis.tell"))
        if self.audience in PROFESSIONAL:
            said.append(self.wording.say("crisis.clinician"))
        return "\n".join(said)

    def _in_other_languages(self, what: str) -> list[str]:
        """One sentence in the message's language, and in English, where the words above are in neither."""
        written = self.helplines.language_of(self.text)
        wanted = dict.fromkeys([written, "en"]) if written != self.wording.language else ()
        return [
            getattr(self.helplines.languages[code], what)
            for code in wanted
            if code != self.wording.language and code in self.helplines.languages
        ]
