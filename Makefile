# make run       set up, build and start the explorer on the embedded model and picture
# make test      set up and run every test
# make install   put the program, its assets, completions and manual page under PREFIX (/usr/local)
# make help      the rest

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
OS_RELEASE ?= /etc/os-release
# For output to a terminal SwiftPM would add -color-diagnostics to every compilation, and so compile everything anew
# whenever a build goes to a terminal after one that went to a pipe or a file, or the other way round.
SAME = --no-color-diagnostics
BUILD = $(SWIFT) build -c release $(SAME)
TEST = $(SWIFT) test -c release --skip-build $(SAME)
PACKAGES = libdnnl-dev libncurses-dev libpng-dev libturbojpeg0-dev libwebp-dev zlib1g-dev libcairo2-dev fonts-dejavu-core pkg-config
TEST_PACKAGES = tmux valgrind
share = $(DESTDIR)$(PREFIX)/share
# The program with the libraries of the Swift runtime that it needs: the machine needs no toolchain then.
private = $(DESTDIR)$(PREFIX)/lib/lrp
# What the manifest asks for, and what the tests run with.
SWIFT_AT_LEAST = 6.1
SWIFT_TESTED = 6.3

# make benchmark  measure the explorer, explanations and edits, beside zennit's where Python has it
# make check-instructions  count the instructions of small cases and compare them with the recorded ones
# make fuzz FORMAT=onnx SECONDS=3600  read files that fuzzing makes (lrp-hostile list names the formats)
# make sanitize SANITIZER=thread  run the tests that need no terminal under a sanitizer, address or thread
.PHONY: run build test tour benchmark check-instructions fuzz sanitize check-format format setup setup-tests \
  check-toolchain install uninstall clean help

run: build
	@.build/release/lrp

build: setup
	@test -x .build/release/lrp || echo "building lrp: some minutes the first time, seconds later on"
	$(BUILD) --product lrp

setup: check-toolchain
	@$(call install_packages,$(PACKAGES))

setup-tests: check-toolchain
	@$(call install_packages,$(PACKAGES) $(TEST_PACKAGES))

check-toolchain:
	@$(check_toolchain)

# The tests are named as a product: --build-tests would also compile what dependencies bring along, such as the whole of
# protoc (600 files of C++).
# Tests that drive a program through tmux run after the rest, alone, so that they are not starved.
ALONE = lrpTests|CursesTerminalTests.TerminalTests
test: setup-tests
	$(BUILD) --product lrpPackageTests
	$(BUILD) --product lrp
	$(TEST) --skip '$(ALONE)'
	$(TEST) --filter '$(ALONE)' --no-parallel

# Beside zennit's times where PYTHON can import it (pip install torch torchvision safetensors zennit==1.0.0).
PYTHON ?= python3
# The table goes to benchmark.json, benchmark.csv and benchmark.png as well.
BENCHMARK_OPTIONS ?=
BENCHMARK_FILES ?= benchmark
benchmark: setup
	$(BUILD) --product lrp
	$(BUILD) --product lrp-benchmark
	.build/release/lrp-benchmark terminal
	.build/release/lrp-benchmark --python $(PYTHON) --json $(BENCHMARK_FILES).json --csv $(BENCHMARK_FILES).csv \
	  --chart $(BENCHMARK_FILES).png $(BENCHMARK_OPTIONS)

# RECORD_INSTRUCTIONS=1 records what is found (and fails, so that nobody records by accident).
check-instructions: setup-tests
	$(BUILD) --product lrp-benchmark
	.build/release/lrp-benchmark instructions

# Inputs that reach something new are kept in fuzz/FORMAT, for the next time; those that find something, in fuzz.
FORMAT ?= safetensors
SECONDS ?= 600
fuzz: setup
	LRP_FUZZ=1 $(BUILD) --sanitize fuzzer --scratch-path .build-fuzz --product lrp-fuzz
	mkdir -p fuzz
	FORMAT=$(FORMAT) OMP_NUM_THREADS=1 SWIFT_BACKTRACE=enable=no nice .build-fuzz/release/lrp-fuzz fuzz/$(FORMAT) \
	  -max_total_time=$(SECONDS) -timeout=20 -artifact_prefix=fuzz/$(FORMAT)- -print_final_stats=1

SANITIZER ?= address
SANITIZED = --sanitize $(SANITIZER) --scratch-path .build-$(SANITIZER)
sanitize: setup-tests
	$(BUILD) $(SANITIZED) --product lrpPackageTests
	ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no $(TEST) $(SANITIZED) --skip '$(ALONE)'

# make tour      play the scripts of assets/tour and draw the screens they end with, for the README
tour: build
	for script in assets/tour/*.lrp; do \
	  .build/release/lrp explore --play "$$script" --batch --screen "$${script%.lrp}.png" || exit 1; \
	done

check-format:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

# As root there may be no toolchain where the user has one: what is built is installed then as it is.
install:
	@if ($(check_toolchain)) 2>/dev/null || ! test -x .build/release/lrp; then $(MAKE) --no-print-directory build; fi
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(private)" "$(share)/lrp/models" "$(share)/man/man1"
	install -d "$(share)/bash-completion/completions" "$(share)/zsh/site-functions" "$(share)/fish/vendor_completions.d"
	@$(install_program)
	ln -sf ../lib/lrp/lrp "$(DESTDIR)$(PREFIX)/bin/lrp"
	install -m 644 assets/models/*.safetensors assets/models/*.LICENSE.txt "$(share)/lrp/models"
	cp -R assets/README.md assets/images assets/labels assets/lessons "$(share)/lrp/"
	rm -f "$(share)/lrp/images/"*.py
	"$(private)/lrp" generate-manual > "$(share)/man/man1/lrp.1"
	"$(private)/lrp" --generate-completion-script bash > "$(share)/bash-completion/completions/lrp"
	"$(private)/lrp" --generate-completion-script zsh > "$(share)/zsh/site-functions/_lrp"
	"$(private)/lrp" --generate-completion-script fish > "$(share)/fish/vendor_completions.d/lrp.fish"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/lrp with its libraries in $(private) and its assets in $(share)/lrp"

uninstall:
	rm -rf "$(DESTDIR)$(PREFIX)/bin/lrp" "$(private)" "$(share)/lrp" "$(share)/man/man1/lrp.1" \
	  "$(share)/bash-completion/completions/lrp" "$(share)/zsh/site-functions/_lrp" \
	  "$(share)/fish/vendor_completions.d/lrp.fish"

clean:
	rm -rf .build .build-*

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile
	@echo "make build     set up and build the program (.build/release/lrp)"
	@echo "make format    format the sources; make check-format only says what is not formatted"
	@echo "make uninstall take away what make install put there"
	@echo "make clean     remove what was built"

# Puts the program and the libraries of its toolchain into one folder. The program looks for them in the toolchain's folder
# first, which may be another version's by the time it runs: only its own folder ($ORIGIN) is left, slashes fill the rest.
define install_program
	toolchain=$$(ldd .build/release/lrp | sed -n 's|.* => \(.*\)/libswiftCore\.so .*|\1|p'); \
	test -n "$$toolchain" || { echo "install: .build/release/lrp finds no Swift runtime; run make build again" >&2; exit 1; }; \
	libraries=$$(ldd .build/release/lrp | sed -n "s|.* => \($$toolchain/[^ ]*\) .*|\1|p"); \
	slashes=$$(printf '%s:' "$$toolchain" | sed 's|.|/|g'); \
	rm -f "$(private)"/*; \
	install -m 644 $$libraries "$(private)" && \
	LC_ALL=C sed "s|$$toolchain:\(.ORIGIN\)|\1$$slashes|" .build/release/lrp > "$(private)/lrp" && \
	chmod 755 "$(private)/lrp"
endef

# Says how to get a toolchain where there is none, or one that is too old.
define check_toolchain
	found=$$($(SWIFT) --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p'); \
	least=$$(printf '%s\n' $(SWIFT_AT_LEAST) "$$found" | sort -V | head -n 1); \
	if [ -z "$$found" ] || [ "$$least" != $(SWIFT_AT_LEAST) ]; then \
	  . $(OS_RELEASE) 2>/dev/null; platform=""; \
	  case "$$ID-$$VERSION_ID" in \
	    debian-12|ubuntu-22.04|ubuntu-24.04|fedora-*|rhel-*|amzn-*) ;; \
	    ubuntu-*|linuxmint-*|pop-*) platform=" --platform ubuntu24.04" ;; \
	    *) platform=" --platform debian12" ;; \
	  esac; \
	  exec >&2; \
	  if [ -z "$$found" ]; then echo "set-up: no Swift toolchain found ($(SWIFT)); $(SWIFT_AT_LEAST) or later is needed."; \
	  else echo "set-up: Swift $$found found ($$(command -v $(SWIFT))); $(SWIFT_AT_LEAST) or later is needed."; fi; \
	  echo "These commands install $(SWIFT_TESTED), which the tests run with, for your user alone:"; \
	  echo; \
	  echo "  sudo apt-get install -y curl ca-certificates gnupg"; \
	  echo '  curl -O https://download.swift.org/swiftly/linux/swiftly-$$(uname -m).tar.gz'; \
	  echo '  tar zxf swiftly-$$(uname -m).tar.gz'; \
	  echo "  ./swiftly init --quiet-shell-followup --skip-install$$platform"; \
	  echo '  . "$$HOME/.local/share/swiftly/env.sh"'; \
	  echo "  swiftly install --use $(SWIFT_TESTED)"; \
	  echo; \
	  echo "The last one names system packages that the toolchain wants: install them as it says. Then run make again."; \
	  exit 1; \
	fi
endef

# Installs those of the given Debian packages that are missing; silent if none is.
define install_packages
	missing=""; \
	if ! command -v dpkg-query >/dev/null 2>&1; then \
	  echo "set-up: this is no Debian; if the build fails, install the equivalents of: $(1)"; \
	else \
	  for package in $(1); do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$package"; \
	  done; \
	fi; \
	if [ -n "$$missing" ]; then \
	  as_root=""; if [ "$$(id -u)" != 0 ]; then as_root="sudo"; fi; \
	  echo "set-up: installing$$missing $${as_root:+(with sudo)}"; \
	  $$as_root apt-get update -qq && \
	  $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null || \
	  { echo "set-up: could not install$$missing; install them by hand and run make again" >&2; exit 1; }; \
	fi
endef
