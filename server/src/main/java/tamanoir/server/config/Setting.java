package tamanoir.server.config;

/// One `name = value` that somebody wrote, unexpanded, and where. `service` is empty for the plain form and holds the
/// service of `service/name = value`.
record Setting(String service, String name, String text, Place place) {
    /// A line of a file; line 0 when the whole thing is meant.
    record Place(String file, int line) {
        static final Place NOWHERE = new Place("", 0);
        static final Place COMMAND_LINE = new Place("command line", 0);

        @Override
        public String toString() {
            return line > 0 ? file + ":" + line : file;
        }
    }

    /// The name as it was written.
    String fullName() {
        return service.isEmpty() ? name : service + "/" + name;
    }
}
