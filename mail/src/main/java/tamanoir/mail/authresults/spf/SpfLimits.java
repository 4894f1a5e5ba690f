package tamanoir.mail.authresults.spf;

/// What one check may cost (RFC 7208 §4.6.4): terms that ask the DNS, names of one `mx` or `ptr`, questions that find
/// nothing.
public record SpfLimits(int terms, int names, int voids) {
    public static final SpfLimits DEFAULT = new SpfLimits(10, 10, 2);
}
