package tamanoir.mail.sieve.extension;

import tamanoir.mail.sieve.Language;

/// The whole language that is known here.
public final class All implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.with(new Relational())
                .with(new Base())
                .with(new FileInto())
                .with(new Refuse())
                .with(new Envelope())
                .with(new Flags())
                .with(new Variables())
                .with(new BodyTest())
                .with(new Dates())
                .with(new EditHeader())
                .with(new Vacations())
                .with(new Notifying())
                .with(new Mailbox())
                .with(new SpecialUse())
                .with(new Environment())
                .with(new Ihave())
                .with(new Include())
                .with(new ExtLists())
                .with(new Duplicates())
                .with(new SpamTest())
                .with(new Mime())
                .with(new Vendor());
    }
}
