"""Compares the requests on record with the types that the vendors publish in their own clients.

Needs openai, anthropic, google-genai and ollama of PyPI; a client that is not here is left out and
named. Keys that a type does not know are mistakes, but for those in KNOWN, which servers read and
clients do not offer.
"""
import importlib
import json
import pathlib
import sys
import typing

import typing_extensions
from pydantic import ConfigDict, TypeAdapter, ValidationError

FOLDER = pathlib.Path(__file__).parent.parent / "Golden" / "requests"
KNOWN = {
    "ollama": ["truncate"],
    # Today's client speaks the newer version alone.
    "anthropic-2023-06-01": ["temperature"],
}


def closed(kind, seen):
    """Refuses unknown keys in a TypedDict and in all that it holds."""
    if id(kind) in seen:
        return
    seen.add(id(kind))
    if typing_extensions.is_typeddict(kind):
        kind.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
        for part in typing_extensions.get_type_hints(kind, include_extras=True).values():
            closed(part, seen)
    for part in typing.get_args(kind):
        closed(part, seen)


def drained(value):
    """Lists that pydantic checks only when they are read."""
    if isinstance(value, dict):
        return {name: drained(part) for name, part in value.items()}
    if isinstance(value, (str, bytes, int, float, bool)) or value is None:
        return value
    if hasattr(value, "__iter__"):
        return [drained(part) for part in value]
    return value


def typed(path, name):
    kind = getattr(importlib.import_module(path), name)
    closed(kind, set())
    adapter = TypeAdapter(kind)
    return lambda body: drained(adapter.validate_python(body))


def gemini():
    types = importlib.import_module("google.genai.types")

    def check(body):
        for part in body.pop("contents") + [body.pop("systemInstruction")]:
            types.Content.model_validate(part, extra="forbid")
        types.GenerationConfig.model_validate(body.pop("generationConfig"), extra="forbid")
        for part in body.pop("safetySettings", []):
            types.SafetySetting.model_validate(part, extra="forbid")
        if body:
            raise ValueError(f"unknown keys {sorted(body)}")

    return check


def ollama():
    types = importlib.import_module("ollama._types")

    def check(body):
        options = body.get("options", {})
        unknown = set(options) - set(types.Options.model_fields)
        unknown |= set(body) - set(types.ChatRequest.model_fields)
        for message in body["messages"]:
            unknown |= set(message) - set(types.Message.model_fields)
        if unknown:
            raise ValueError(f"unknown keys {sorted(unknown)}")
        types.ChatRequest.model_validate(body)

    return check


def chat():
    return typed(
        "openai.types.chat.completion_create_params", "CompletionCreateParamsNonStreaming")


CHECKS = [
    ("openai-chat", chat),
    ("azure", chat),
    ("openai-responses", lambda: typed(
        "openai.types.responses.response_create_params", "ResponseCreateParamsNonStreaming")),
    ("anthropic", lambda: typed(
        "anthropic.types.message_create_params", "MessageCreateParamsNonStreaming")),
    ("gemini", gemini),
    ("ollama", ollama),
]


def main():
    wrong = count = 0
    for name, make in CHECKS:
        files = sorted(file for file in FOLDER.glob("*.http") if file.stem.startswith(name))
        try:
            check = make()
        except ModuleNotFoundError as problem:
            print(f"left out {name}: {problem}")
            continue
        for file in files:
            body = json.loads(file.read_text(encoding="utf-8").split("\n\n", 1)[1])
            count += 1
            for key in KNOWN.get(file.stem, []):
                body.pop(key)
            try:
                check(body)
            except (ValidationError, ValueError) as problem:
                wrong += 1
                print(f"{file.name}: {problem}")
    print(f"{count} requests, {wrong} wrong")
    sys.exit(1 if wrong else 0)


main()
