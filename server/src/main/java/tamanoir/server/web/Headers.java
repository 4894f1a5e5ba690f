package tamanoir.server.web;

/// What answers carry so that a browser does nothing that we did not mean.
final class Headers {
    /// The webmail and the set-up page: scripts and styles of this server only, nothing inline, no frames around it.
    static final String APP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' blob: data:; media-src 'self' blob:; frame-src 'self' blob:; worker-src 'self';"
            + " manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self';"
            + " require-trusted-types-for 'script'; trusted-types dompurify tamanoir";

    private static final String FRAME = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none';"
            + " base-uri 'none'; frame-ancestors 'self';"
            + " sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; img-src blob: data:";

    /// A mail body without pictures from elsewhere: whatever markup slipped through, nothing is fetched.
    static final String FRAME_STRICT = FRAME;

    /// What is no page: should a browser show it as one, it can do nothing.
    private static final String DATA = "default-src 'none'; frame-ancestors 'none'";

    /// A file that somebody sent: no origin, no script, nothing loaded.
    static final String FOREIGN = "sandbox; default-src 'none'";

    private Headers() {}

    /// With pictures, which come through our fetcher and from nowhere else.
    static String frameWithPictures(String base) {
        return FRAME + " " + base + "/pictures/fetch";
    }

    static void common(Exchange exchange, WebSettings settings) {
        if (exchange.isSecure() && settings.strictTransport().isPositive()) {
            exchange.set(
                    "Strict-Transport-Security",
                    "max-age=" + settings.strictTransport().toSeconds());
        }
        exchange.set("X-Content-Type-Options", "nosniff")
                .set("Referrer-Policy", "no-referrer")
                .set("Cross-Origin-Opener-Policy", "same-origin")
                .set("Cross-Origin-Resource-Policy", "same-origin")
                .set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
                .set("Content-Security-Policy", DATA)
                .set("Cache-Control", "no-store");
    }
}
