package tamanoir.server.setup;

/// One look. It may block on the network; whoever asks sets the limit.
interface Check {
    /// What it looks at: the name of its finding.
    String name();

    Finding look();

    static Check of(String name, java.util.function.Supplier<Finding> look) {
        return new Check() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Finding look() {
                return look.get();
            }
        };
    }
}
