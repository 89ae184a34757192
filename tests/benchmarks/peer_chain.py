"""The chain that LangChain's tutorials write, to be measured beside Footnote: `tests.benchmarks.peer` starts it.

    python -m tests.benchmarks.peer_chain index STORE DOCUMENTS.json [--torch MODEL]
    python -m tests.benchmarks.peer_chain chat STORE [--torch MODEL]

Recursive splitting into 1,000 characters, Chroma, a history-aware retriever, stuffed documents. Its language model
gives the question back at once. It embeds by Footnote's own engine, or by sentence-transformers with a folder's model.
`chat` answers JSON lines with `text` and `conversation`.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_chroma import Chroma
from langchain_classic.chains import create_history_aware_retriever, create_retrieval_chain
from langchain_classic.chains.combine_documents import create_stuff_documents_chain
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import SimpleChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_text_splitters import RecursiveCharacterTextSplitter

STANDALONE = "Put the newest question so that it can be understood without the conversation. Don't answer it."
ANSWERING = "Answer the question from these passages. If they don't hold the answer, say so.\n\n{context}"


class SameEngine(Embeddings):
    """Footnote's embedder."""

    def __init__(self) -> None:
        from bot.knowledge.embeddings import MiniLmEmbedder

        self._embedder = MiniLmEmbedder()

    def embed_query(self, text: str) -> list[float]:
        """Uncached: nothing is asked twice."""
        vector: list[float] = self._embedder.embed_query(text).tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Whole texts, no sentences."""
        from bot.knowledge.encoding import EncoderText

        vectors = self._embedder.embed_passages([EncoderText(text=text, sentences=()) for text in texts])
        return [each.passage.tolist() for each in vectors]


class AtOnce(SimpleChatModel):
    """Gives back what was asked."""

    def _call(self, messages: list[BaseMessage], *_: Any, **__: Any) -> str:
        return str(messages[-1].content)

    @property
    def _llm_type(self) -> str:
        return "at once"


def open_embeddings(folder: str) -> Embeddings:
    """By sentence-transformers with the model of a folder, else by Footnote's engine."""
    if not folder:
        return SameEngine()
    from langchain_huggingface import HuggingFaceEmbeddings

    torch: Embeddings = HuggingFaceEmbeddings(model_name=folder)
    return torch


def index(store: Path, documents: Path, embeddings: Embeddings) -> None:
    """Split, embed and keep."""
    read = json.loads(documents.read_text(encoding="utf-8"))
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = splitter.split_documents(
        [Document(page_content=each["text"], metadata={"source": each["source"]}) for each in read]
    )
    vectors = Chroma(persist_directory=str(store), embedding_function=embeddings)
    for start in range(0, len(chunks), 5_000):  # more at once are refused
        vectors.add_documents(chunks[start : start + 5_000])


def open_chain(store: Path, embeddings: Embeddings) -> Any:
    """The whole chain."""
    retriever = Chroma(persist_directory=str(store), embedding_function=embeddings).as_retriever()
    conversation = MessagesPlaceholder("chat_history")
    standalone = ChatPromptTemplate.from_messages([("system", STANDALONE), conversation, ("human", "{input}")])
    answering = ChatPromptTemplate.from_messages([("system", ANSWERING), conversation, ("human", "{input}")])
    model = AtOnce()
    return create_retrieval_chain(
        create_history_aware_retriever(model, retriever, standalone), create_stuff_documents_chain(model, answering)
    )


def chat(store: Path, embeddings: Embeddings) -> None:
    """Answer line by line, with the history of each conversation."""
    chain = open_chain(store, embeddings)
    histories: defaultdict[str, list[BaseMessage]] = defaultdict(list)
    for line in map(json.loads, sys.stdin):
        history = histories[line["conversation"]]
        reply = chain.invoke({"input": line["text"], "chat_history": history})
        history += [HumanMessage(line["text"]), AIMessage(reply["answer"])]
        found = [{"source": each.metadata["source"], "text": each.page_content} for each in reply["context"]]
        print(json.dumps({"answer": reply["answer"], "found": found}), flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """One of the two commands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["index", "chat"])
    parser.add_argument("store", type=Path)
    parser.add_argument("documents", type=Path, nargs="?")
    parser.add_argument("--torch", default="", metavar="MODEL")
    args = parser.parse_args(arguments)
    embeddings = open_embeddings(args.torch)
    if args.command == "index":
        index(args.store, args.documents, embeddings)
    else:
        chat(args.store, embeddings)


if __name__ == "__main__":
    main()
