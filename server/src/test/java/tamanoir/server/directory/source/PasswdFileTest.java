package tamanoir.server.directory.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;

class PasswdFileTest {
    @TempDir
    Path folder;

    private Person person(String lines, String address) throws Exception {
        Path file = Files.writeString(folder.resolve("users"), lines);
        return new PasswdFile(
                        "passwd-file:users",
                        file,
                        "MD5-CRYPT",
                        domain -> domain.name().equals("example.com"))
                .find(Address.of(address))
                .orElseThrow();
    }

    @Test
    void fieldsAreThoseOfDovecot() throws Exception {
        Person ann = person(
                "Ann@example.com:{PLAIN}a b:1000:1000:Ann Martin,room 4:/home/ann:/bin/sh:userdb_quota_rule=*:storage=2G\n",
                "ann@example.com");
        assertThat(ann)
                .isEqualTo(new Person(Address.of("ann@example.com"), "Ann Martin", "{PLAIN}a b", "", 2L << 30, true));
        Person bob =
                person("bob:$1$abc$Or2rbeUYTvt12aiVzMuS/.::::::nologin quota_rule=*:bytes=5000\n", "bob@example.com");
        assertThat(bob)
                .isEqualTo(new Person(
                        Address.of("bob@example.com"),
                        "",
                        "{MD5-CRYPT}$1$abc$Or2rbeUYTvt12aiVzMuS/.",
                        "",
                        5000,
                        false));
        assertThat(person("x@example.net:{PLAIN}a::::::user=y@example.net", "x@example.net")
                        .address())
                .hasToString("y@example.net");
        assertThat(ann).hasToString("Person[ann@example.com]");
    }

    @Test
    void aBareNameIsOfOurDomainsAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("users"), "bob:{PLAIN}a\n");
        PasswdFile source = new PasswdFile(
                "passwd-file:users", file, "CRYPT", domain -> domain.name().equals("example.com"));
        assertThat(source.find(Address.of("bob@example.com"))).isPresent();
        assertThat(source.find(Address.of("bob@example.net"))).isEmpty();
    }

    /// Any text is a file of some people, none with an empty name; every one of them can be made a person.
    @Test
    void aQuotaThatIsNoneSaysNothing() {
        Map<String, Fields> people =
                PasswdFile.read("ann:x::::::quota_storage_size=e_size=:1 userdb_quota_rule=a=b:c\n");
        assertThat(people.values())
                .singleElement()
                .satisfies(ann -> assertThat(ann.person(Address.of("ann@example.com"), "CRYPT", "")
                                .quotaOctets())
                        .isEqualTo(Person.NO_QUOTA_SAID));
    }

    @FuzzTest(maxDuration = "10s")
    void anyTextIsSomePeople(byte[] data) {
        Map<String, Fields> people = PasswdFile.read(new String(data, StandardCharsets.UTF_8));
        Address asked = Address.of("ann@example.com");
        people.forEach((name, fields) -> {
            assertThat(name).isNotEmpty();
            Person person = fields.person(asked, "CRYPT", "");
            assertThat(person.quotaOctets()).isGreaterThanOrEqualTo(Person.NO_QUOTA_SAID);
        });
    }
}
