package tamanoir.mail.message;

/// One parameter: name in lower case, value without quotes. A name that ends in `*` has a value in the form of RFC
/// 2231 §4: `charset'language'percent-encoded`.
public record Parameter(String name, String value) {}
