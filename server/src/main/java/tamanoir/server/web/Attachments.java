package tamanoir.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Jmap;

/// All attachments of a mail in one zip file, written as it is sent.
final class Attachments {
    private final Jmap jmap;
    private final Emails emails;

    Attachments(Jmap jmap, Emails emails) {
        this.jmap = jmap;
        this.emails = emails;
    }

    /// `GET /jmap/zip/{account}/{email}/{name}.zip`.
    void serve(Exchange exchange, Visitor visitor) throws IOException {
        List<String> parts = exchange.segments();
        Optional<Json.Obj> mail =
                parts.size() < 4 ? Optional.empty() : emails.get(visitor, parts.get(3), List.of("attachments"));
        if (mail.isEmpty() || !(mail.get().get("attachments").orElse(Json.NULL) instanceof Json.Arr(List<Json> all))) {
            exchange.refuse(404, "there is no such mail, or it has gone");
            return;
        }
        String name = parts.size() > 4 ? parts.get(4) : "attachments.zip";
        exchange.set("Content-Type", "application/zip")
                .set("Content-Security-Policy", Headers.FOREIGN)
                .set("Content-Disposition", JmapPaths.disposition(false, name));
        Set<String> names = new HashSet<>();
        try (OutputStream out = exchange.stream(200);
                ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            zip.setLevel(Deflater.BEST_SPEED);
            for (Json one : all) {
                if (one instanceof Json.Obj part
                        && part.get("blobId").orElse(Json.NULL) instanceof Json.Text(String blob)) {
                    add(zip, unused(names, part), jmap.download(visitor.caller(), parts.get(2), blob));
                }
            }
        }
    }

    private static void add(ZipOutputStream zip, String name, Optional<Jmap.Download> found) throws IOException {
        if (found.isPresent()) {
            zip.putNextEntry(new ZipEntry(name));
            try (InputStream in = found.get().content().open()) {
                in.transferTo(zip);
            }
            zip.closeEntry();
        }
    }

    /// A name without folders, once in the file.
    private static String unused(Set<String> names, Json.Obj part) {
        String given = part.get("name").orElse(Json.NULL) instanceof Json.Text(String text) ? text : "";
        String plain = given.replaceAll("[\\p{Cntrl}/\\\\:*?\"<>|]", "_").strip();
        String name = plain.isEmpty() || plain.chars().allMatch(c -> c == '.') ? "attachment" : plain;
        String unused = name;
        for (int n = 2; !names.add(unused.toLowerCase(Locale.ROOT)); n++) {
            int dot = name.lastIndexOf('.');
            unused = dot > 0 ? name.substring(0, dot) + " (" + n + ")" + name.substring(dot) : name + " (" + n + ")";
        }
        return unused;
    }
}
