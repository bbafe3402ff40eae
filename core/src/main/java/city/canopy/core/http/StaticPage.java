package city.canopy.core.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * The pages, from a folder of the class path. Files below {@code assets/} bear a hash in their name and are kept by
 * browsers for a year; everything else is asked for again each time and answered 304 when it is the same. Each file is
 * read once and kept, also compressed. An address that ends in {@code /} means its {@code index.html}.
 */
final class StaticPage implements Handler<RoutingContext> {
    private static final Pattern SAFE =
            Pattern.compile("/(?:[A-Za-z0-9_@-][A-Za-z0-9_.@-]*/)*(?:[A-Za-z0-9_@-][A-Za-z0-9_.@-]*)?");
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("geojson", "application/geo+json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/vnd.microsoft.icon"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("pbf", "application/x-protobuf"),
            Map.entry("txt", "text/plain; charset=utf-8"));
    private static final int WORTH_COMPRESSING = 1024;

    private final Vertx vertx;
    private final ClassLoader classes;
    private final String folder;
    private final Map<String, Page> read = new ConcurrentHashMap<>();

    StaticPage(Vertx vertx, ClassLoader classes, String folder) {
        this.vertx = vertx;
        this.classes = classes;
        this.folder = folder;
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpMethod method = ctx.request().method();
        String path = ctx.request().path();
        if (path == null || !SAFE.matcher(path).matches() || method != HttpMethod.GET && method != HttpMethod.HEAD) {
            ctx.next();
            return;
        }
        String file = path.endsWith("/") ? path + "index.html" : path;
        String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
        if (type == null || file.lastIndexOf('.') < file.lastIndexOf('/')) {
            ctx.next();
            return;
        }
        find(file).onComplete(found -> {
            if (found.failed()) {
                Exchange.fail(ctx, found.cause());
            } else if (found.result().isEmpty()) {
                ctx.next();
            } else {
                answer(ctx, file, type, found.result().get());
            }
        });
    }

    private Future<Optional<Page>> find(String file) {
        Page known = read.get(file);
        if (known != null) {
            return Future.succeededFuture(Optional.of(known));
        }
        return vertx.executeBlocking(() -> load(file), false);
    }

    private Optional<Page> load(String file) {
        try (InputStream in = classes.getResourceAsStream(folder + file)) {
            if (in == null) {
                return Optional.empty();
            }
            Page page = Page.of(in.readAllBytes());
            read.put(file, page);
            return Optional.of(page);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the page " + file, e);
        }
    }

    private static void answer(RoutingContext ctx, String file, String type, Page page) {
        boolean zipped = page.zipped != null && accepts(ctx.request().getHeader(HttpHeaders.ACCEPT_ENCODING));
        String tag = zipped ? "\"" + page.hash + "-gz\"" : "\"" + page.hash + "\"";
        boolean same = tag.equals(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH));
        Answer answer = Answer.bytes(same ? 304 : 200, type, same ? new byte[0] : zipped ? page.zipped : page.bytes)
                .with("etag", tag)
                .with("vary", "Accept-Encoding")
                .with(
                        "cache-control",
                        file.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
        Exchange.send(ctx, zipped && !same ? answer.with("content-encoding", "gzip") : answer);
    }

    private static boolean accepts(String encodings) {
        return encodings != null && encodings.contains("gzip") && !encodings.contains("gzip;q=0");
    }

    private static final class Page {
        private final byte[] bytes;
        private final byte[] zipped;
        private final String hash;

        private Page(byte[] bytes, byte[] zipped, String hash) {
            this.bytes = bytes;
            this.zipped = zipped;
            this.hash = hash;
        }

        static Page of(byte[] bytes) throws IOException {
            byte[] zipped = null;
            if (bytes.length >= WORTH_COMPRESSING) {
                ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
                try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                    gzip.write(bytes);
                }
                zipped = out.size() < bytes.length * 9L / 10 ? out.toByteArray() : null;
            }
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
                return new Page(
                        bytes,
                        zipped,
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(hash)
                                .substring(0, 22));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java cannot do SHA-256", e);
            }
        }
    }
}
