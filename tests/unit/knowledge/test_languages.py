"""Other languages are told from English, and nothing that a clinician writes in English is taken for another."""

from pathlib import Path

import pytest
import yaml

from bot.knowledge.glossary import load_glossary
from bot.knowledge.languages import LanguageReader, open_languages
from bot.places import shipped

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def reader() -> LanguageReader:
    return open_languages(load_glossary(shipped("knowledge") / "glossary.yaml"))


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Was ist die Erstlinientherapie der juvenilen Dermatomyositis?", "de"),
        ("Nebenwirkungen von Baricitinib?", "de"),
        ("wie dosiert man methotrexat bei kindern", "de"),
        ("Quelle dose de rituximab dans la JDM réfractaire ?", "fr"),
        ("Mi hija tiene dermatomiositis y toma metotrexato, ¿qué sigue?", "es"),
        ("Cosa fare in caso di disfagia?", "it"),
        ("Meu filho pode ser vacinado?", "pt"),
        ("Hoe vaak moet je de longen controleren?", "nl"),
        ("Moja córka bierze metotreksat, co dalej?", "pl"),
        ("Kızım metotreksat alıyor, sonra ne yapılır?", "tr"),
    ],
)
def test_another_language_is_told(reader: LanguageReader, message: str, code: str) -> None:
    assert reader.language_of(message) == code


@pytest.mark.parametrize(
    "message",
    [
        "", "?", "42", "ok", "RTX dose?", "rituximab", "MTX sc or po", "anti-MDA5 ILD therapy", "Henoch-Schönlein",
        "dermatomyositis sine myositis", "calcinosis cutis circumscripta tx", "Gottron papules heliotrope rash",
        "pt w/ JDM MTX IVIG fail -> RTX or JAKi?", "9yo f JDM anti-NXP2 MTX pred fail next", "mg/kg?",
        "Guten Tag, what is the first-line treatment of JDM?", "Bonjour, does tofacitinib help calcinosis?",
        "My son takes Cortison and Metex, can he go swimming?", "What is the dose of Ciclosporin A in Kinder?",
        "The German word is Kalzinose, how is it treated?", "What did Bader-Meunier and Le Voyer find?",
        "Is this in vivo, in vitro or ex juvantibus?", "wich dose of rituximb", "Die patients with MDA5 more often?",
        "Trendelenburg gait and Gower manoeuvre", "Prof. Müller asks about IVIG", "Purpura Schoenlein-Henoch",
    ],
)  # fmt: skip
def test_english_short_and_latin_messages_are_english(reader: LanguageReader, message: str) -> None:
    assert reader.language_of(message) == "en"


def test_a_message_of_everyday_english_words_never_loads_the_model() -> None:
    reader = open_languages(load_glossary(shipped("knowledge") / "glossary.yaml"))
    assert reader.language_of("What is the dose of rituximab in children?") == "en"
    assert reader._model is None


def test_no_english_question_of_cases_and_documents_is_taken_for_another_language(reader: LanguageReader) -> None:
    cases = [
        case for path in (ROOT / "prompts/cases").glob("*.yaml") for case in yaml.safe_load(path.read_text("utf-8"))
    ]
    asked = [message for case in cases for message in case["conversation"]]
    for path in (ROOT / "knowledge").rglob("*.md"):
        if (text := path.read_text("utf-8")).startswith("---"):
            asked += yaml.safe_load(text.split("---")[1]).get("questions") or []
    assert len(asked) > 300
    assert [message for message in asked if reader.language_of(message) != "en"] == []
