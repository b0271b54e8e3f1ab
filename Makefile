# footplate: everything from a fresh Debian machine with a Swift toolchain.
#   make demo          build it and watch a real batch in the dashboard
#   make install       build it and put it into ~/.local/bin (PREFIX=/usr/local for everybody)
#   make test          build and run every test
#   make lint          the style of the sources
#   make bench         the table of speeds, ours and others', in one run
#   make screenshots   the pictures of the README, from the real program
#   make docs          the README's tables, printed by the program
PREFIX ?= $(HOME)/.local
FOOTPLATE = .build/release/footplate
# To build; to try it; what the tests, the benchmarks and the pictures need besides.
BUILD_PACKAGES = libncurses-dev libsqlite3-dev libssl-dev
DEMO_PACKAGES = $(BUILD_PACKAGES) universal-ctags
TEST_PACKAGES = $(DEMO_PACKAGES) tmux strace procps
BENCH_PACKAGES = $(TEST_PACKAGES) parallel sqlite3 git time bsdutils htop btop
PICTURE_PACKAGES = $(BUILD_PACKAGES) xvfb xterm xdotool imagemagick fonts-dejavu-core
SWIFT_SOURCES = Sources Tests Themes Package.swift

.PHONY: demo test install lint format bench release debug screenshots docs clean
.PHONY: setup setup-build setup-demo setup-test setup-bench setup-pictures

demo: setup-demo release
	@Examples/demo.sh $(FOOTPLATE)

test: setup-test
	.ci/test

install: release
	install -D -s -m 755 $(FOOTPLATE) $(DESTDIR)$(PREFIX)/bin/footplate
	install -D -s -m 755 $(FOOTPLATE)-track $(DESTDIR)$(PREFIX)/bin/footplate-track
	@case ":$$PATH:" in *":$(PREFIX)/bin:"*) ;; \
	  *) echo "add $(PREFIX)/bin to your PATH to call it as footplate" ;; esac

lint:
	swift format lint --strict -r $(SWIFT_SOURCES)

format:
	swift format -i -r $(SWIFT_SOURCES)

bench: setup-bench release
	Benchmarks/run.sh $(FOOTPLATE)

screenshots: setup-pictures release
	Examples/screenshots.sh $(FOOTPLATE)

docs: debug
	Examples/readme-tables.sh .build/debug/footplate README.md

# Swift's libraries are inside: the programs run where no Swift is, and start in half the time.
release: setup-build
	swift build -c release --product footplate --static-swift-stdlib
	swift build -c release --product footplate-track --static-swift-stdlib

debug: setup-build
	swift build --build-tests

setup: setup-test

# Installs what is missing and nothing else; sudo only where it is needed.
setup-build: ; @Examples/setup.sh $(BUILD_PACKAGES)
setup-demo: ; @Examples/setup.sh $(DEMO_PACKAGES)
setup-test: ; @Examples/setup.sh $(TEST_PACKAGES)
setup-bench: ; @Examples/setup.sh $(BENCH_PACKAGES)
setup-pictures: ; @Examples/setup.sh $(PICTURE_PACKAGES)

clean:
	swift package clean
