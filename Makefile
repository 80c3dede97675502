# `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
bin := .venv/bin

.PHONY: help bootstrap demo up test test-long check format lock tokens clean
.PHONY: test-bluez model campaign fault-matrix mutants fuzz vectors trace usability bench-dose bench-link bench-app bench-cloud bench-scale
.PHONY: test-ha sbom wheel licences audit model-card bench-pages bench-fleet soak android-tree android-check words screenshots

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: bootstrap ## run the whole journey once; pictures in build/demo/
	@scripts/demo.sh

up: bootstrap ## start the same parts and leave them running for you; Ctrl-C stops all
	@scripts/demo.sh --stay

test: check ## checks, then all tests but the long ones; SHARES="unit app" picks some
	@scripts/test.sh $(SHARES)

test-long: bootstrap ## the tests that take longer than `make test` allows
	@scripts/test-long.sh

test-bluez: ## the link over a real Linux Bluetooth stack, in a small guest (QEMU, without KVM)
	@scripts/test-bluez.sh

test-ha: ## kill the primary of two PostgreSQL nodes under Patroni, under load; ARGS="--write"
	@scripts/test-ha.sh $(ARGS)

model: ## check the models of the dose lock, their mutants and traces with SPIN; MODELS="pulses"
	@scripts/model.sh $(MODELS)

campaign: bootstrap ## random schedules over the real code; N=100000 SEED=1
	$(bin)/python -m tests.campaign.schedules --schedules $(or $(N),100000) --seed $(or $(SEED),1)

model-card: bootstrap ## the forecast's calibration on made-up patients held out; PATIENTS=400 SEED=1
	$(bin)/python -m cloud.response.card --patients $(or $(PATIENTS),400) --seed $(or $(SEED),1)

fault-matrix: bootstrap ## every fault in every phase, both profiles; writes docs/fault-matrix.md; ARGS="--resume"
	$(bin)/python -m tests.fault_matrix $(ARGS)

mutants: bootstrap ## break the code in small ways and see that a test notices; MINUTES=45 SEED=1
	$(bin)/python -m tests.mutants --minutes $(or $(MINUTES),45) --seed $(or $(SEED),1)

fuzz: bootstrap ## each parser of untrusted bytes with INPUTS=1000000 SEED=1
	$(bin)/python -m tests.fuzz --inputs $(or $(INPUTS),1000000) --seed $(or $(SEED),1) $(if $(PARSER),--parser $(PARSER))

vectors: bootstrap ## write test vectors for other implementations to build/vectors/
	$(bin)/python -m scripts.vectors.write

trace: bootstrap ## hazards to controls to tests; writes docs/safety/case.md and rules.md
	$(bin)/python -m scripts.trace

usability: bootstrap ## six tasks of a clinician in a made-up clinic, counted; writes docs/usability.md
	$(bin)/python -m scripts.usability

bench-dose: bootstrap ## how long the lock, a head and a schedule take, as ratios
	$(bin)/python -m scripts.bench_dose

android-tree: bootstrap ## put together what goes onto an Android phone, in build/android/app
	$(bin)/python -m mobile.android.stage build/android/app

bench-app: bootstrap ## how fast the app is, as ratios and frames of the same run; ONLY="cold-start store"
	@xvfb-run -a -s "-screen 0 1200x1400x24" $(bin)/python -m scripts.bench_app $(if $(ONLY),--only $(ONLY))

bench-cloud: bootstrap ## how fast the cloud is, on SQLite and PostgreSQL; ONLY="ingest flood memory alerts"
	$(bin)/python -m scripts.bench_cloud $(if $(ONLY),--only $(ONLY))

bench-pages: bootstrap ## how fast the clinic's pages are, beside a bare page; ON="SQLite PostgreSQL"
	$(bin)/python -m scripts.bench_pages $(if $(ON),--on $(ON))

bench-scale: bootstrap ## triage, timeline, ingest, FHIR, a fleet and the worker; ONLY="triage" ARGS="--clinics 500"
	$(bin)/python -m scripts.bench_scale $(if $(ONLY),--only $(ONLY)) $(ARGS)

android-check: bootstrap ## what can be shown of the Android build without an SDK; exit 3 without an index
	$(bin)/python -m scripts.android_check

soak: bootstrap ## hours of simulated use of a band with random faults; HOURS=12 SEED=1
	$(bin)/python -m firmware_bridge.tool.cli soak --hours $(or $(HOURS),12) --seed $(or $(SEED),1)

bench-fleet: bootstrap ## how many bands this machine carries, each with a phone; BANDS=8,16,32
	$(bin)/python -m scripts.bench_fleet $(if $(BANDS),--bands $(BANDS))

bench-link: bootstrap ## how fast the link is, against bare notifications of the same run; LINK=1m|2m|none ONLY="losses"
	$(bin)/python -m scripts.bench_link --link $(or $(LINK),1m) $(if $(ONLY),--only $(ONLY))

check: bootstrap ## lint, format, types, import directions
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports

format: bootstrap ## put the code in the house's format
	$(bin)/ruff check --fix-only .
	$(bin)/ruff format .

bootstrap: ## install what is missing (done by the others too)
	@scripts/bootstrap.sh

tokens: bootstrap ## write the style sheets' tokens.css anew from mobile/kit/tokens.json
	$(bin)/python scripts/tokens.py

screenshots: bootstrap ## every screen and page in every state on contact sheets, build/screenshots; ONLY=today
	@xvfb-run -a -s "-screen 0 1400x1400x24" $(bin)/python -m tests.mobile.screens.sheets \
		build/screenshots $(if $(ONLY),--only $(ONLY)); app=$$?; \
	$(bin)/python -m tests.cloud.every_page.pictures build/screenshots $(if $(ONLY),--only $(ONLY)) \
		&& exit $$app

words: bootstrap ## collect what app and pages say into their catalogues and compile these
	$(bin)/python -m scripts.words
	$(bin)/python -m scripts.words_of_pages

sbom: bootstrap ## the bill of materials of this commit, CycloneDX, in dist/
	$(bin)/python -m scripts.supply.sbom

wheel: bootstrap ## build the wheel twice in two folders; into dist/ if both are the same, byte for byte
	$(bin)/python -m scripts.supply.wheel

licences: bootstrap ## every part's licence into docs/licences.md; fails on an unknown or unaccepted one
	$(bin)/python -m scripts.supply.licence_page --write

audit: bootstrap ## known vulnerabilities of every pinned package; exit 75 where no source can be reached
	@scripts/audit.sh

lock: ## resolve requirements/*.txt anew from pyproject.toml and requirements/audit.in (needs uv and a network)
	uv pip compile pyproject.toml --all-extras --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o requirements/all.txt
	uv pip compile requirements/audit.in --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o requirements/audit.txt

clean: ## remove what was built, but not the virtual environment
	rm -rf build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
