package tamanoir.app.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Refused;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueId;
import tamanoir.server.queue.QueuedMessage;

/// What waits to leave.
@Command(
        name = "queue",
        description = "Shows and steers what waits to leave.",
        footer = {
            "",
            "Examples:",
            "  tamanoir queue list",
            "  tamanoir queue show N7Zk2fQ --headers",
            "  tamanoir queue flush --destination example.org",
            "  tamanoir queue delete N7Zk2fQ"
        })
final class QueueCommand extends Group {
    private static final int PAGE = 200;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    QueueCommand(Invocation call) {
        super(List.of(
                new ListAll(call),
                new Show(call),
                new Flush(call),
                new Hold(call),
                new Release(call),
                new Delete(call)));
    }

    @Command(
            name = "list",
            description =
                    "Lists the queue, oldest first: who is owed what, when it is tried again, what was said last.",
            footer = {"", "Examples:", "  tamanoir queue list", "  tamanoir queue list --json | jq .id"})
    static final class ListAll implements Callable<Integer> {
        private final Invocation call;

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        ListAll(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                long count = 0;
                Optional<QueueId> after = Optional.empty();
                List<Queue.Listed> page;
                do {
                    page = office.queue().list(after, PAGE);
                    for (Queue.Listed entry : page) {
                        print(call, entry, json);
                        after = Optional.of(entry.id());
                        count++;
                    }
                } while (page.size() == PAGE);
                if (!json) {
                    call.out()
                            .println(
                                    count == 0
                                            ? "The queue is empty."
                                            : count + (count == 1 ? " message." : " messages."));
                }
                return Exit.OK;
            });
        }
    }

    private static void print(Invocation call, Queue.Listed entry, boolean json) {
        if (json) {
            Json.print(call.out(), describe(entry));
            return;
        }
        String when = switch (entry.standing()) {
            case HOLD -> "on hold" + (entry.holdReason().isEmpty() ? "" : ": " + entry.holdReason());
            case ACTIVE -> "being tried now";
            case DEFERRED -> "next " + entry.next().map(TIME::format).orElse("attempt unknown");
        };
        call.out()
                .printf(
                        "%s  %s  %s  from <%s>  %s%n",
                        entry.id(), TIME.format(entry.arrived()), Sizes.print(entry.size()), entry.sender(), when);
        for (Queue.ListedRecipient recipient : entry.recipients()) {
            call.out()
                    .println("    to <" + recipient.recipient().address() + ">"
                            + recipient
                                    .lastReply()
                                    .map(reply -> "  (" + recipient.attempts() + " tried: " + reply + ")")
                                    .orElse(""));
        }
    }

    private static Map<String, Object> describe(Queue.Listed entry) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", entry.id().toString());
        members.put("standing", entry.standing().name().toLowerCase(Locale.ROOT));
        members.put("arrived", entry.arrived().toString());
        members.put("size", entry.size());
        members.put("sender", entry.sender());
        entry.next().map(Instant::toString).ifPresent(next -> members.put("next", next));
        if (!entry.holdReason().isEmpty()) {
            members.put("holdReason", entry.holdReason());
        }
        List<Object> recipients = new ArrayList<>();
        for (Queue.ListedRecipient recipient : entry.recipients()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("address", recipient.recipient().address().toString());
            one.put("attempts", recipient.attempts());
            recipient.lastReply().map(Reply::toString).ifPresent(reply -> one.put("lastReply", reply));
            recipients.add(one);
        }
        members.put("recipients", recipients);
        return members;
    }

    private static QueueId id(String text) {
        return QueueId.of(text);
    }

    @Command(
            name = "show",
            description = "Shows one message of the queue: how it stands, and the message itself.",
            footer = {"", "Example:", "  tamanoir queue show N7Zk2fQ --headers"})
    static final class Show implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "ID", description = "The queue id.")
        String id = "";

        @Option(names = "--headers", description = "Only the header of the message.")
        boolean headers;

        @Option(names = "--json", description = "How it stands as JSON, without the message.")
        boolean json;

        Show(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            QueueId wanted = id(id);
            return call.inOffice(office -> {
                Queue.Listed entry = office.queue().find(wanted).orElseThrow(() -> none(id));
                print(call, entry, json);
                if (!json) {
                    QueuedMessage message = office.queue().show(wanted).orElseThrow(() -> none(id));
                    byte[] body = message.body().load(office.store().blobs()).toByteArray();
                    int end = headers ? endOfHeader(body) : body.length;
                    try {
                        call.out().println();
                        message.prefix().writeTo(call.out());
                        call.out().write(body, 0, end);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
                return Exit.OK;
            });
        }

        private static int endOfHeader(byte[] body) {
            for (int i = 0; i + 1 < body.length; i++) {
                if (body[i] == '\n' && (body[i + 1] == '\n' || body[i + 1] == '\r')) {
                    return i + 1;
                }
            }
            return body.length;
        }
    }

    private static Refused none(String id) {
        return new Refused("there is no " + id + " in the queue (any more)");
    }

    @Command(
            name = "flush",
            description = "Tries now: one message, all for a domain, or everything that is not on hold.",
            footer = {
                "",
                "Examples:",
                "  tamanoir queue flush N7Zk2fQ",
                "  tamanoir queue flush --destination example.org",
                "  tamanoir queue flush --all"
            })
    static final class Flush implements Callable<Integer> {
        private final Invocation call;

        @Parameters(arity = "0..*", paramLabel = "ID", description = "Queue ids.")
        List<String> ids = new ArrayList<>();

        @Option(names = "--destination", paramLabel = "DOMAIN", description = "All with a recipient in this domain.")
        Optional<String> destination = Optional.empty();

        @Option(names = "--all", description = "Everything.")
        boolean all;

        Flush(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            if (ids.isEmpty() && destination.isEmpty() && !all) {
                throw new BadSyntax("say which: an ID, --destination DOMAIN, or --all");
            }
            return call.inRunningServer(office -> {
                if (!ids.isEmpty()) {
                    return each(call, ids, id -> office.queue().flush(id), "tried now", "on hold, or not in the queue");
                }
                int count = all
                        ? office.queue().flush()
                        : destination.map(office.queue()::flush).orElse(0);
                call.out().println(count + (count == 1 ? " message" : " messages") + " tried now.");
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "hold",
            description = "Keeps messages until they are released.",
            footer = {"", "Example:", "  tamanoir queue hold N7Zk2fQ --reason 'asking the sender'"})
    static final class Hold implements Callable<Integer> {
        private final Invocation call;

        @Parameters(arity = "1..*", paramLabel = "ID", description = "Queue ids.")
        List<String> ids = new ArrayList<>();

        @Option(names = "--reason", paramLabel = "TEXT", description = "Shown in the list.")
        String reason = "";

        Hold(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inRunningServer(
                    office -> each(call, ids, id -> office.queue().hold(id, reason), "on hold", "not in the queue"));
        }
    }

    @Command(
            name = "release",
            description = "Lets messages on hold go, now.",
            footer = {"", "Example:", "  tamanoir queue release N7Zk2fQ"})
    static final class Release implements Callable<Integer> {
        private final Invocation call;

        @Parameters(arity = "1..*", paramLabel = "ID", description = "Queue ids.")
        List<String> ids = new ArrayList<>();

        Release(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inRunningServer(
                    office -> each(call, ids, office.queue()::release, "released", "not on hold, or not in the queue"));
        }
    }

    @Command(
            name = "delete",
            description = "Throws messages away, without a report to the sender.",
            footer = {"", "Example:", "  tamanoir queue delete N7Zk2fQ"})
    static final class Delete implements Callable<Integer> {
        private final Invocation call;

        @Parameters(arity = "1..*", paramLabel = "ID", description = "Queue ids.")
        List<String> ids = new ArrayList<>();

        Delete(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inRunningServer(
                    office -> each(call, ids, office.queue()::delete, "deleted", "not in the queue"));
        }
    }

    private static int each(Invocation call, List<String> ids, Predicate<QueueId> work, String done, String otherwise) {
        int exit = Exit.OK;
        for (String text : ids) {
            if (work.test(id(text))) {
                call.out().println(text + ": " + done);
            } else {
                call.err().println(text + ": " + otherwise);
                exit = Exit.DATA;
            }
        }
        return exit;
    }
}
