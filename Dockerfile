# syntax=docker/dockerfile:1

# The elyos command (target `elyos`, the last) and the quickstart (target `quickstart`), each alone in a small image.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src

# The dependencies in a layer of their own, which is made again only when a manifest or the lock file changes: the
# manifests, with nothing in their crates.
COPY Cargo.toml Cargo.lock ./
COPY elyos-schema/Cargo.toml elyos-schema/
COPY elyos-macros/Cargo.toml elyos-macros/
COPY elyos-runtime/Cargo.toml elyos-runtime/
COPY elyos-cli/Cargo.toml elyos-cli/
COPY tests/Cargo.toml tests/
COPY tests/dates/jiff/Cargo.toml tests/dates/jiff/
COPY tests/dates/time/Cargo.toml tests/dates/time/
COPY examples/queries/Cargo.toml examples/queries/
COPY examples/quickstart/Cargo.toml examples/quickstart/
RUN for crate in elyos-schema elyos-macros elyos-runtime elyos-cli tests tests/dates/jiff tests/dates/time \
        examples/queries examples/quickstart; do \
        mkdir -p "$crate/src" && touch "$crate/src/lib.rs" && echo 'fn main() {}' > "$crate/src/main.rs" || exit 1; \
    done \
    && cargo build --release --locked --package elyos-cli --package quickstart \
    && find . -path ./target -prune -o -name '*.rs' -exec rm {} +

# What was built of the empty crates has to look older than the files that come now.
COPY . .
RUN find . -path ./target -prune -o -name '*.rs' -exec touch {} + \
    && cargo build --release --locked --package elyos-cli --package quickstart

FROM debian:bookworm-slim AS base
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin elyos
USER 10001

FROM base AS quickstart
COPY --from=build /src/target/release/quickstart /usr/local/bin/
CMD ["quickstart"]

FROM base AS elyos
COPY --from=build /src/target/release/elyos /usr/local/bin/
CMD ["elyos", "init"]
