package tamanoir.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The vectors are what `doveadm pw -s SCHEME -u ann@example.com` of Dovecot 2.3, libcrypt and OpenSSL wrote.
class SchemesTest {
    static final List<String> OF_DOVECOT = List.of(
            "{PLAIN}correct horse",
            "{CLEARTEXT}correct horse",
            "{CRYPT}$2y$05$d23fnLol.yTHPsZgfc3YEO.1huBGjaokEngvaCnHTwoIobPW6RgOW",
            "{MD5-CRYPT}$1$ogOZ3MI9$LZqSnA6C6GHgQP.1QR15u/",
            "{SHA256-CRYPT}$5$9FCcPb1t3U6lbyKP$P3BCPd1cw5bMUGVE8boiVoDRhM19pHuf.odM0FP5eQ3",
            "{SHA512-CRYPT}$6$L3xmuW.w/eAF9m39$RWYa/N76J8YUpIhOSTP58gSrNRu9ix7G2B7y3VZpavI/J9th/wL/ne9Mh2tnlSkpL0lls87lpqMk5nUFdZDOZ1",
            "{BLF-CRYPT}$2y$05$RGq3glPD7IRTQjgzFV7A6.59UJzMKeuFZovVjRlrYbLbHiaoyBIS.",
            "{DES-CRYPT}E3EfEdBh7zQU.",
            "{MD5}$1$IY.SQq9V$0h6A52aUSGqn/dFGh8rta0",
            "{PLAIN-MD5}3cb4e732631f47e6eb961f34554b7cde",
            "{PLAIN-MD4}b4fe5d2ad49f136f957a7a6b1c029cd2",
            "{LDAP-MD5}PLTnMmMfR+brlh80VUt83g==",
            "{SMD5}RnxmyDUQTr3wbqxKqhBpBi7YyS4=",
            "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=",
            "{SHA1}L55TUjtiq8FBorTWAZ0jy6g129A=",
            "{SHA256}QQTTb42iwlQ0n4WDZ5Pr4CngyVcGOjTJHC6SAxh7VjE=",
            "{SHA512}VraY3v7bWkNbY0r+MyC7rz/c2SC2xQOkRvx7endrKY1HnRumqLYXgI6wv1ec6aldZoNHvKtxSQhayTyyeZUZew==",
            "{SSHA}EnkO1JjDQPcytr5qNHAuNAzxTe/bcBYZ",
            "{SSHA256}rnOB+RizKAWKGvAq9K2FBVeH5+EVv4bnPT+AX3zegQa+I0oD",
            "{SSHA512}ogcYxCetMZ6SPB/eTvaOSdsyMJ808u1rNXKJ8itd/RsbxmAAqducdfcgjTxijUXO0dASF0bEQtwBTHrIuAuXv2oJgi0=",
            "{PLAIN.B64}Y29ycmVjdCBob3JzZQ==",
            "{PLAIN.HEX}636f727265637420686f727365",
            "{SSHA.HEX}16aee467488e397e28a80965be9034b4995ae271fdbd2e31",
            "{SHA256.HEX}4104d36f8da2c254349f85836793ebe029e0c957063a34c91c2e9203187b5631",
            "{SSHA512.B64}fx0orAE77Ca5ENDK081oZ1yN4pi+uABU0E7UeF1fVfbESS1GGdmSWPqFYy325CWdpWJnJUMaKZh0hW/xnz/MYuVrRoU=",
            "{MD5-CRYPT.HEX}243124514c73537248444c245973494665516c4a446e444b59686665366a63795431",
            "{CRAM-MD5}38b57fd1a0c4b46c814aa05f20318edd71c455380655f2c0ac35c5b359528d29",
            "{HMAC-MD5}38b57fd1a0c4b46c814aa05f20318edd71c455380655f2c0ac35c5b359528d29",
            "{DIGEST-MD5}f76973d833e153220bec62f14f8121e8",
            "{PBKDF2}$1$e5mvr/QPEsFGEwK1$5000$059c3cbacb252f8e76091b01564f6f646cef08c0",
            "{SCRAM-SHA-1}4096,udij+/68KAJDr0mkZQ5jcw==,ekZSociY8c4zn1r3cVQQjXRuR0s=,sSeHqXP4NZyhasXuITxZabD+dL4=",
            "{SCRAM-SHA-256}4096,PGGuGLDAANat6oQIb4vQhA==,ZOui+0cj7LRMq/t9YvT5vOyiiPPt9vS3nj3afJEL6Ro=,b6SZMp2BrGPzif0r0UGoonlnB7CZbc+Ct8IDgc2AbfI=",
            "{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$b4LXBl9jwsPKpjWdQ2D9Bw$4le40CcFO6vI7OgmQo2L57Phdk1kBlpPo27qAjo2dko",
            "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$gz31wIcK7FxFgWZRgtH3qw$Q16QDqeslpL8lBqEvwqaIx321VO2uF1stWDR4p/qBd0");

    @ParameterizedTest
    @FieldSource("OF_DOVECOT")
    void whatDovecotKeepsOfAPasswordIsCompared(String stored) {
        assertThat(Schemes.isKnown(stored)).isTrue();
        assertThat(Passwords.matches(stored, "ann@example.com", "correct horse"))
                .isTrue();
        assertThat(Passwords.matches(stored, "ann@example.com", "Correct horse"))
                .isFalse();
        assertThat(Passwords.matches(stored, "ann@example.com", "")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{SHA512-CRYPT}$6$rounds=1200$oDL902q4oGrbmTwG$G9NR3wTC.zWeWloLUu5x.a5.NBC6OntHzBeYwWA9YjgASjU4cqKtjX2uUOuL7pGB4vNMReO.eEcYwLLR86y/N.",
                "{BLF-CRYPT}$2y$05$o0MFUSNLypK64CJftzclpOEK5J.QaE42a.iPkd./Nh2C/DnTg8kmW",
                "{SSHA}/uQexV6FtB9kYRjv4+jM2cuCJVsE0l7V"
            })
    void lettersOutsideAsciiAreComparedAsTheyAreSent(String stored) {
        assertThat(Passwords.matches(stored, "", "Grüße 9!")).isTrue();
        assertThat(Passwords.matches(stored, "", "Grusse 9!")).isFalse();
    }

    @Test
    void aLongPasswordTakesSeveralBlocks() {
        String stored = "$5$rounds=1000$abc$vfuzfFiFEs0zsWzHx7om4t373gYXjm8jrPneehkdiq5";
        String password = "a long password that is longer than one block of SHA-256, which has sixty-four octets";
        assertThat(Schemes.matches(stored, "", password)).isTrue();
        assertThat(Schemes.matches("{CRYPT}" + stored, "", password.substring(1)))
                .isFalse();
    }

    @Test
    void debiansShadowFileIsReadByTheSystemsLibrary() {
        String stored = "{CRYPT}$y$j9T$F5Jx5fExrKuPp53xLKQ..1$zwtVrjrUCmXcyLTs6oxLTQlzifSUkF8RHJ./tK5KU79";
        // Where there is no libcrypt the form is unknown, which is said when such a hash is met; never a match.
        boolean here = Schemes.isKnown(stored);
        assertThat(Schemes.matches(stored, "", "correct horse")).isEqualTo(here);
        assertThat(Schemes.matches(stored, "", "wrong")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "{PLAIN}",
                "{NONSENSE}abc",
                "{SHA}",
                "{SHA}!!!",
                "{SSHA}L55TUjtiq8FBorTWAZ0jy6g129A=",
                "{CRYPT}*",
                "{CRYPT}!",
                "!$6$a$b",
                "x",
                "{CRYPT}$6$",
                "{CRYPT}$6$rounds=x$a$b",
                "{PBKDF2}$1$a$999999999$00",
                "{SCRAM-SHA-256}4096,,,",
                "{SCRAM-SHA-256}0,AA==,AA==,AA==",
                "{PLAIN.ROT13}frperg",
                "{BLF-CRYPT}$2y$99$short",
                "{ARGON2ID}$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
                "{SHA.HEX}zz"
            })
    void whatIsNoHashFitsNobody(String stored) {
        for (String password : List.of("", "x", "*", "!", "secret", "frperg")) {
            assertThat(Schemes.matches(stored, "ann@example.com", password))
                    .as(stored)
                    .isFalse();
        }
    }
}
