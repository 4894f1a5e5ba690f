package tamanoir.mail.text;

/// Text made of octets, and whether something had to be guessed or was lost on the way: an unknown charset, octets
/// that the charset does not have, a damaged transfer encoding (`isEncodingProblem` of RFC 8621 §4.1.4).
public record DecodedText(String text, boolean isEncodingProblem) {}
