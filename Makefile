# footplate: everything from a fresh Debian machine with a Swift toolchain.
#   make demo     build it and watch a real batch in the dashboard
#   make test     build and run every test
PREFIX ?= $(HOME)/.local
FOOTPLATE = .build/release/footplate
PACKAGES = libncurses-dev libsqlite3-dev libssl-dev tmux strace universal-ctags procps
SWIFT_SOURCES = Sources Tests Themes Package.swift

.PHONY: demo test install lint format bench release debug setup screenshots clean

demo: release
	@Examples/demo.sh $(FOOTPLATE)

test: debug
	swift test --parallel

install: release
	install -D -m 755 $(FOOTPLATE) $(DESTDIR)$(PREFIX)/bin/footplate

lint:
	swift format lint --strict -r $(SWIFT_SOURCES)

format:
	swift format -i -r $(SWIFT_SOURCES)

bench: release
	Benchmarks/run.sh $(FOOTPLATE)

screenshots: release
	Examples/screenshots.sh $(FOOTPLATE)

release: setup
	swift build -c release --product footplate

debug: setup
	swift build --build-tests

# Installs what is missing and nothing else; sudo only where it is needed.
setup:
	@missing=""; for package in $(PACKAGES); do \
	  dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "installing$$missing"; \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	fi

clean:
	swift package clean
