# The bot with its library, its embedding model and an index of both: `docker run -e FOOTNOTE_TELEGRAM_TOKEN=… footnote`.
# Build: `make image`; `python -m tests.tools.image_contents` tells what its megabytes are.
FROM python:3.13-slim-bookworm AS build
# The lock alone says which versions; constraints of the builder's own pip settings have no say.
ENV PIP_CONSTRAINT=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# No versions: Debian drops those that a pin would name.
# hadolint ignore=DL3008
RUN apt-get update -qq && apt-get install -qq --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
WORKDIR /build

# Packages first, from the lock and with its hashes; nothing is compiled, and a change of the code leaves this layer alone.
# What debuggers read is taken out of their machine code; their tests go, and of ONNX Runtime what runs no model from Python.
COPY requirements.lock supply-chain.toml ./
COPY tests/tools/locked.py tests/tools/
RUN python -m venv --without-pip /opt/footnote \
 && python tests/tools/locked.py --image >image.lock \
 && python tests/tools/locked.py build >build.lock \
 && pip install --no-deps --require-hashes --only-binary :all: -r build.lock \
 && pip --python /opt/footnote/bin/python install --no-compile --no-deps --require-hashes \
    --only-binary :all: -r image.lock \
 && find /opt/footnote -name '*.so' -not -path '*.libs/*' -exec strip --strip-debug {} + \
 && find /opt/footnote -depth -type d '(' -name tests -o -path '*/chromadb/test' \
    -o -path '*/onnxruntime/quantization' -o -path '*/onnxruntime/tools' -o -path '*/onnxruntime/transformers' ')' \
    -exec rm -r {} + \
 && rm /opt/footnote/lib/python*/site-packages/onnxruntime/capi/libonnxruntime.so.*

COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY knowledge knowledge
COPY prompts prompts
RUN pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
 && pip --python /opt/footnote/bin/python install --no-compile --no-deps --no-index dist/footnote-*.whl

# The index is a cache: a data folder that has none begins with this one, and the first answer needn't wait for it. What is
# imported on the way is kept in byte code, because a read-only container couldn't keep it; the rest needs no second copy.
WORKDIR /
ENV FOOTNOTE_DATA=/build/data
RUN /opt/footnote/bin/footnote index \
 && /opt/footnote/bin/footnote ask 'What is the dose of rituximab?' \
 && /opt/footnote/bin/python -c 'import langchain_anthropic, langchain_ollama, langchain_openai, bot.bootstrap.affairs, \
    bot.channels.telegram.serving, bot.cli, bot.cli_health, bot.heartbeat, bot.stores.answers, bot.stores.messages' \
 && chmod -R a+rX /build/data/index \
 && cp -R /build/data/index "$(/opt/footnote/bin/python -c 'from bot.places import shipped; print(shipped("index"))')"


# A first process hears no signal before it asks for it; tini does from the start, and passes it on.
FROM python:3.13-slim-bookworm AS first
# hadolint ignore=DL3008
RUN apt-get update -qq && apt-get install -qq --no-install-recommends tini && rm -rf /var/lib/apt/lists/*


FROM python:3.13-slim-bookworm
ARG VERSION=unknown REVISION=unknown
LABEL org.opencontainers.image.title="Footnote" \
      org.opencontainers.image.description="Answers clinical questions from curated documents; every sentence stands on a checked quotation." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin footnote \
 && install --directory --owner footnote --group footnote --mode 0750 /data
COPY --from=first /usr/bin/tini /usr/bin/tini
COPY --from=build /opt/footnote /opt/footnote
ENV PATH=/opt/footnote/bin:$PATH FOOTNOTE_DATA=/data PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /data
USER 10001:10001
VOLUME /data
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --start-interval=1s --retries=3 CMD ["footnote", "health"]
ENTRYPOINT ["tini", "--", "footnote"]
CMD ["serve"]
