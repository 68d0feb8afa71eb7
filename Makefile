# make analyze REPO=path   set up what is missing, build, analyse a repository
# make test                all tests, as CI runs them
# make bench REPO=path     raw parse, graph build and full analysis, side by side
# make install PREFIX=dir  kapin and its rules under a prefix

REPO ?= Corpus/saas
OUTPUT ?= kapin-out
PREFIX ?= /usr/local
BUILD := swift build -c release
BIN := .build/release

.PHONY: setup build analyze test bench install clean

setup:
	@.ci/setup

build: setup
	@echo "building (release; the first time takes some minutes)" >&2
	@$(BUILD) --product kapin 2>&1 | .ci/quiet-build

analyze: build
	@echo "analysing $(REPO)" >&2
	@$(BIN)/kapin analyze "$(REPO)" --output "$(OUTPUT)"

test: setup
	@.ci/test

bench: build
	@.ci/setup bench
	@.ci/raw-parse
	@$(BUILD) --product kapin-dev 2>&1 | .ci/quiet-build
	@$(BIN)/kapin-dev bench "$(REPO)"

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/kapin"
	install -m 755 $(BIN)/kapin "$(DESTDIR)$(PREFIX)/bin/kapin"
	rm -rf "$(DESTDIR)$(PREFIX)/share/kapin/rules"
	cp -R Rules "$(DESTDIR)$(PREFIX)/share/kapin/rules"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/kapin" >&2

clean:
	rm -rf .build kapin-out
