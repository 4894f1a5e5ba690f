package tamanoir.bench.verdicts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Debian's Postfix as an instance of its own under one folder; needs root.
final class PostfixPeer implements AutoCloseable {

    private final Path etc;

    /// Starts it with a main.cf and its tables.
    PostfixPeer(Path root, String port, String config, Scenario scenario) throws IOException {
        this.etc = root.resolve("etc");
        for (String folder : List.of("etc", "spool", "data", "log")) {
            Files.createDirectories(root.resolve(folder));
        }
        Command.run("chown", "root:root", root.resolve("spool").toString());
        Command.run("chown", "postfix:root", root.resolve("data").toString());
        Files.writeString(etc.resolve("main.cf"), config + own(root));
        Files.writeString(etc.resolve("master.cf"), master(port));
        for (Path table : scenario.tables()) {
            Path copy = etc.resolve(table.getFileName());
            Files.copy(table, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            if (!copy.getFileName().toString().contains(".")) {
                Command.run("postmap", copy.toString());
            }
        }
        Command.run("postalias", etc.resolve("aliases").toString());
        Command.run("postfix", "-c", etc.toString(), "start");
    }

    private static String master(String port) {
        return """
            %s inet n - n - - smtpd
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            proxywrite unix - - n - 1 proxymap
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            showq unix n - n - - showq
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            local unix - n n - - local
            virtual unix - n n - - virtual
            lmtp unix - - n - - lmtp
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            postlog unix-dgram n - n - 1 postlogd
            """.formatted(port);
    }

    private static String own(Path root) {
        return """

            # The instance.
            config_directory = %1$s/etc
            queue_directory = %1$s/spool
            data_directory = %1$s/data
            maillog_file = %1$s/log/maillog
            maillog_file_prefixes = %1$s
            syslog_name = verdicts-postfix
            inet_interfaces = all
            inet_protocols = all
            local_transport = discard:
            virtual_transport = discard:
            relay_transport = discard:
            default_transport = discard:
            alias_database =
            smtp_host_lookup = dns
            """.formatted(root);
    }

    @Override
    public void close() throws IOException {
        Command.run("postfix", "-c", etc.toString(), "stop");
    }
}
