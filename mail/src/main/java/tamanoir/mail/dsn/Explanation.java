package tamanoir.mail.dsn;

import tamanoir.mail.dsn.DeliveryReport.Recipient;

/// One outcome in words for the person who sent the message: what happened, and what can be done about it.
///
/// The enhanced status code (RFC 3463) chooses the words; the codes themselves stay in the machine part.
record Explanation(String what, String advice) {
    private static final String ASK_ANOTHER_WAY = "Reach the person another way and tell them that mail to this "
            + "address does not arrive; the answer below helps whoever looks after their mail.";

    static Explanation of(Recipient recipient) {
        String domain = domainOf(recipient.finalRecipient().text());
        String status = recipient.status();
        int dot = status.indexOf('.');
        String kind = dot < 0 ? "" : status.substring(dot + 1);
        return switch (recipient.action()) {
            case DELIVERED -> new Explanation("The message was put into the mailbox.", "You need not do anything.");
            case RELAYED ->
                new Explanation(
                        "The message was passed on to a mail server that does not report deliveries.",
                        "You will hear no more about it unless something goes wrong.");
            case EXPANDED ->
                new Explanation("The message was passed on to the members of a list.", "You need not do anything.");
            case DELAYED -> delayed(kind, domain);
            case FAILED -> failed(kind, domain);
        };
    }

    private static Explanation delayed(String kind, String domain) {
        String why = switch (kind) {
            case "2.2" -> "The mailbox is full at the moment.";
            case "4.3" -> "The address book of the Internet (DNS) gives no answer for " + domain + " at the moment.";
            case "4.1", "4.2", "4.0", "4.4" -> "The mail server of " + domain + " cannot be reached at the moment.";
            default -> "The mail server of " + domain + " does not take the message at the moment.";
        };
        return new Explanation(why, "You need not send it again: delivery is tried again and again.");
    }

    private static Explanation failed(String kind, String domain) {
        return switch (kind) {
            case "1.1", "1.0" ->
                new Explanation(
                        "There is no such mailbox at " + domain + ".",
                        "Check the address for typing errors, or ask the person for the right one.");
            case "1.2", "4.4" ->
                new Explanation(
                        "There is no mail server for " + domain + ".",
                        "Check the part of the address after the @ for typing errors.");
            case "1.3" ->
                new Explanation(
                        "The address is not written as addresses must be.", "Check the address for typing errors.");
            case "1.6" ->
                new Explanation(
                        "The person has moved to another address.",
                        "The new address may be in the answer below; otherwise ask the person.");
            case "1.10" ->
                new Explanation(
                        domain + " says that it takes no mail at all.",
                        "Check the part of the address after the @ for typing errors.");
            case "1.7", "1.8" ->
                new Explanation(
                        "The mail server of " + domain + " does not accept your own address as a sender.",
                        "Ask whoever looks after your mail to check your address.");
            case "2.1" -> new Explanation("The mailbox takes no mail: it has been switched off.", ASK_ANOTHER_WAY);
            case "2.2" ->
                new Explanation(
                        "The mailbox is full.",
                        "Try again in a few days, or tell the person another way that the mailbox is full.");
            case "2.3", "3.4" ->
                new Explanation(
                        "The message is too large for " + domain + ".",
                        "Send it with smaller attachments, or put them somewhere to download and send the link.");
            case "4.1", "4.2", "4.0" ->
                new Explanation("The mail server of " + domain + " could not be reached.", ASK_ANOTHER_WAY);
            case "4.3" ->
                new Explanation(
                        "It could not be found out which mail server " + domain + " has.",
                        "Check the part of the address after the @; if it is right, try again later.");
            case "4.6" ->
                new Explanation(
                        "The message would run in a circle and never arrive.",
                        "This is a mistake in the set-up of a mail server; ask whoever looks after it.");
            case "4.7" ->
                new Explanation(
                        "Delivery was tried again and again, until the time for it was over.",
                        "Check the address; if it is right, try again later or reach the person another way.");
            case "5.3" ->
                new Explanation(
                        "The message had more recipients than the server takes at once.",
                        "Send it to fewer people at a time.");
            case "6.7" ->
                new Explanation(
                        "The mail server on the way does not know international letters in addresses, which this "
                                + "message needs.",
                        "Use an address with plain letters only, if the person has one, and plain letters in the "
                                + "names of the message's header.");
            case "6.0", "6.1", "6.2", "6.3", "6.5", "6.6" ->
                new Explanation(
                        "The form of the message is not one that the mail server of " + domain + " takes.",
                        "Send it as plain text, or with ordinary attachments.");
            default ->
                kind.startsWith("7.")
                        ? new Explanation(
                                "The mail server of " + domain + " does not want this message.",
                                "The answer below may say why. If it speaks of spam or of a block list, ask whoever "
                                        + "looks after your mail; otherwise ask the person another way.")
                        : new Explanation(
                                "The mail server of " + domain + " did not take the message.", ASK_ANOTHER_WAY);
        };
    }

    private static String domainOf(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }
}
