package tamanoir.mail.milter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tamanoir.mail.text.BadSyntax;

/// What the two sides agree on before anything else: the version, what the milter may change, which events it wants.
///
/// `macros` are the names of macros that the milter asks for, by stage ([#CONNECT_MACROS] …); only a milter sends them.
/// Immutable.
public record Negotiation(int version, int actions, int protocol, Map<Integer, List<String>> macros) {
    public static final int VERSION = 6;

    public static final int ADD_HEADERS = 0x1;
    public static final int CHANGE_BODY = 0x2;
    public static final int ADD_RECIPIENTS = 0x4;
    public static final int DELETE_RECIPIENTS = 0x8;
    public static final int CHANGE_HEADERS = 0x10;
    public static final int QUARANTINE = 0x20;
    public static final int CHANGE_SENDER = 0x40;
    public static final int ADD_RECIPIENTS_WITH_PARAMETERS = 0x80;
    public static final int CHOOSE_MACROS = 0x100;
    public static final int ALL_ACTIONS = 0x1FF;

    public static final int NO_CONNECT = 0x1;
    public static final int NO_HELO = 0x2;
    public static final int NO_MAIL = 0x4;
    public static final int NO_RECIPIENT = 0x8;
    public static final int NO_BODY = 0x10;
    public static final int NO_HEADERS = 0x20;
    public static final int NO_END_OF_HEADER = 0x40;
    public static final int NO_REPLY_TO_HEADERS = 0x80;
    public static final int NO_UNKNOWN = 0x100;
    public static final int NO_DATA = 0x200;
    /// The milter may ask for no more events of one kind.
    public static final int SKIP = 0x400;
    /// The milter wants to know of refused recipients too.
    public static final int REFUSED_RECIPIENTS = 0x800;

    public static final int NO_REPLY_TO_CONNECT = 0x1000;
    public static final int NO_REPLY_TO_HELO = 0x2000;
    public static final int NO_REPLY_TO_MAIL = 0x4000;
    public static final int NO_REPLY_TO_RECIPIENT = 0x8000;
    public static final int NO_REPLY_TO_DATA = 0x10000;
    public static final int NO_REPLY_TO_UNKNOWN = 0x20000;
    public static final int NO_REPLY_TO_END_OF_HEADER = 0x40000;
    public static final int NO_REPLY_TO_BODY = 0x80000;
    /// Values of header fields keep the blank behind the colon.
    public static final int LEADING_SPACE = 0x100000;

    /// What there was in versions before 6.
    private static final int EVENTS_OF_2 = 0x7F;

    private static final int ALL_EVENTS = 0x1FFFFF;

    public static final int CONNECT_MACROS = 0;
    public static final int HELO_MACROS = 1;
    public static final int MAIL_MACROS = 2;
    public static final int RECIPIENT_MACROS = 3;
    public static final int DATA_MACROS = 4;
    public static final int END_OF_DATA_MACROS = 5;
    public static final int END_OF_HEADER_MACROS = 6;

    public Negotiation {
        macros = Map.copyOf(macros);
    }

    /// What a server of that version (2, 3, 4 or 6) offers.
    public static Negotiation offer(int version) {
        return switch (version) {
            case 2 -> new Negotiation(2, 0x3F, EVENTS_OF_2, Map.of());
            case 3 -> new Negotiation(3, 0x3F, EVENTS_OF_2 | NO_UNKNOWN, Map.of());
            case 4 -> new Negotiation(4, 0x3F, EVENTS_OF_2 | NO_UNKNOWN | NO_DATA, Map.of());
            default -> new Negotiation(VERSION, ALL_ACTIONS, ALL_EVENTS, Map.of());
        };
    }

    public boolean has(int protocolBit) {
        return (protocol & protocolBit) != 0;
    }

    /// What is agreed when the milter has answered this to `offer`.
    ///
    /// @throws BadSyntax when the answer asks for what was not offered
    public Negotiation accepted(Negotiation offer) {
        if (version < 2 || version > offer.version) {
            throw new BadSyntax("the milter speaks version " + version + ", not " + offer.version
                    + "; set milter_protocol to what it speaks");
        }
        int more = actions & ~offer.actions;
        if (more != 0) {
            throw new BadSyntax("the milter wants actions that are not known: 0x" + Integer.toHexString(more));
        }
        int events = protocol & ~offer.protocol;
        if (events != 0) {
            throw new BadSyntax("the milter wants protocol steps that are not known: 0x" + Integer.toHexString(events));
        }
        return this;
    }

    void write(Packet.Writer out) {
        out.number(version).number(actions).number(protocol);
        macros.forEach((stage, names) -> out.number(stage).text(String.join(" ", names)));
    }

    static Negotiation read(Packet.Reader in) {
        int version = in.number();
        int actions = in.number();
        int protocol = in.number();
        Map<Integer, List<String>> macros = new LinkedHashMap<>();
        while (in.hasMore()) {
            int stage = in.number();
            String names = in.text().strip();
            if (stage < CONNECT_MACROS || stage > END_OF_HEADER_MACROS) {
                throw new BadSyntax("macros for a stage " + stage + " that is not known");
            }
            macros.put(stage, names.isEmpty() ? List.of() : List.of(names.split("[\\s,]+")));
        }
        return new Negotiation(version, actions, protocol, macros);
    }
}
