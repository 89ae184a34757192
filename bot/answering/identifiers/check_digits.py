"""National numbers that prove themselves: their last characters follow from the others."""

import re
from collections.abc import Callable, Sequence

LETTERS_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
CODICE_FISCALE = re.compile(r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]")


def proves_itself(written: str) -> bool:
    """Is this a national or insurance number of a country whose numbers carry a check?"""
    code = re.sub(r"[\s./-]", "", written).upper()
    return any(check(code) for check in CHECKS)


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def nhs(code: str) -> bool:
    """United Kingdom: ten digits, modulo 11."""
    if not re.fullmatch(r"\d{10}", code):
        return False
    return (11 - _weighted(code, range(10, 1, -1)) % 11) % 11 == int(code[9])


def pesel(code: str) -> bool:
    """Poland: eleven digits that begin with a date."""
    if not re.fullmatch(r"\d{4}[0-3]\d{6}", code):
        return False
    return -_weighted(code, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10 == int(code[10])


def kvnr(code: str) -> bool:
    """Germany's insured: a letter and nine digits, the last by Luhn of the letter's place and the rest."""
    if not re.fullmatch(r"[A-Z]\d{9}", code):
        return False
    digits = f"{ord(code[0]) - 64:02d}{code[1:9]}"
    products = (int(digit) * weight for digit, weight in zip(digits, (1, 2) * 5, strict=True))
    return sum(product // 10 + product % 10 for product in products) % 10 == int(code[9])


def cpf(code: str) -> bool:
    """Brazil: eleven digits, the last two modulo 11."""
    if not re.fullmatch(r"\d{11}", code) or len(set(code)) == 1:
        return False
    first = _weighted(code, range(10, 1, -1)) * 10 % 11 % 10
    second = _weighted(code, range(11, 1, -1)) * 10 % 11 % 10
    return code[9:] == f"{first}{second}"


def dni(code: str) -> bool:
    """Spain: eight digits, or a letter and seven, and a letter modulo 23."""
    if not re.fullmatch(r"[\dXYZ]\d{7}[A-Z]", code):
        return False
    number = code[:-1].translate(str.maketrans("XYZ", "012"))
    return LETTERS_DNI[int(number) % 23] == code[-1]


def kimlik(code: str) -> bool:
    """Türkiye: eleven digits, the last two from the others."""
    if not re.fullmatch(r"[1-9]\d{10}", code):
        return False
    digits = [int(digit) for digit in code]
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return tenth == digits[9] and sum(digits[:10]) % 10 == digits[10]


def bsn(code: str) -> bool:
    """The Netherlands: nine digits, modulo 11."""
    if not re.fullmatch(r"\d{9}", code):
        return False
    return (_weighted(code, range(9, 1, -1)) - int(code[8])) % 11 == 0


def nir(code: str) -> bool:
    """France: thirteen digits that begin with sex, year and month, and 97 minus their remainder."""
    return bool(re.fullmatch(r"[12]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)\d{10}", code)) and 97 - int(code[:13]) % 97 == int(
        code[13:]
    )


def codice_fiscale(code: str) -> bool:
    """Italy: its form is found nowhere else."""
    return bool(CODICE_FISCALE.fullmatch(code))


CHECKS: tuple[Callable[[str], bool], ...] = (nhs, pesel, kvnr, cpf, dni, kimlik, bsn, nir, codice_fiscale)
