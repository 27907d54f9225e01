# syntax=docker/dockerfile:1

# The packages of production, and nothing that is needed only to check or to draw.
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The image brings its own Node.js, so the optional one stays out.
RUN npm ci --omit=dev --omit=optional --ignore-scripts \
 && npm cache clean --force

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="Định Danh" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    PORT=3000 \
    DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY bin ./bin
COPY config ./config
# What developers of the sandbox are given to copy.
COPY examples ./examples
COPY migrations ./migrations
COPY src ./src
# The only place that is written to; everything else may be mounted read-only (docker run --read-only --tmpfs /tmp).
RUN install -d -o node -g node -m 0700 /data
VOLUME ["/data"]
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
# Liveness only: a database that is down is no reason to kill the process (readiness is /readyz, for the load balancer).
HEALTHCHECK --interval=10s --timeout=2s --start-period=20s --retries=3 \
  CMD ["node", "-e", "const tls = process.env.TLS_CERT_FILE !== undefined; process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; fetch(`${tls ? 'https' : 'http'}://127.0.0.1:${process.env.PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/cli/main.ts"]
CMD ["serve"]
