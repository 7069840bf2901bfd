# The program of both processes, `miglobe serve` and `miglobe worker`: one static binary in a small image,
# run by an ordinary user.

FROM node:22-bookworm-slim AS assets
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-progress
COPY scripts/assets.sh scripts/
COPY server/static/kern server/static/kern
RUN scripts/assets.sh

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=assets /src/server/static/kern server/static/kern
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags="-s -w" -o /miglobe ./cmd/miglobe

# Holds certificates and time zones beside the program, and no shell.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /miglobe /usr/local/bin/miglobe
USER nonroot
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/miglobe"]
CMD ["serve"]
