package tamanoir.server.filter.junk;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tamanoir.mail.message.DateTimes;
import tamanoir.mail.text.Octets;

/// Makes mail in English, French, German and Spanish, wanted and not: sentences put together from parts, so that no two
/// are alike, with common filling that both kinds share. The same seed makes the same mail. `held` adds themes and
/// senders that the other half never uses. Our own texts, no licence needed.
final class MadeUpMail {
    static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");

    private static final String[][] FILLING = {
        {
            "Please let me know what you think about it.", "We have been looking forward to this for a long time.",
            "There is more about it further down in this message.", "Thank you for your time and your interest.",
            "It will only take a few minutes of your day.", "As you know, the offer from last week still stands.",
            "You can answer this message at any time.", "More people than ever have asked us about this."
        },
        {
            "Dites-moi ce que vous en pensez.", "Nous attendions ce moment depuis longtemps.",
            "Vous en saurez plus à la fin de ce message.", "Merci pour votre temps et votre intérêt.",
            "Cela ne prendra que quelques minutes.", "Comme vous le savez, notre proposition tient toujours."
        },
        {
            "Sagen Sie mir bitte, was Sie davon halten.", "Darauf haben wir lange gewartet.",
            "Mehr dazu steht weiter unten in dieser Nachricht.", "Vielen Dank für Ihre Zeit und Ihr Interesse.",
            "Es dauert nur wenige Minuten.", "Wie Sie wissen, gilt das Angebot der letzten Woche noch."
        },
        {
            "Dígame por favor qué le parece.", "Hemos esperado mucho tiempo este momento.",
            "Encontrará más información al final de este mensaje.", "Gracias por su tiempo y su interés.",
            "Solo le llevará unos minutos.", "Como sabe, la oferta de la semana pasada sigue en pie."
        }
    };
    private static final String[][] WANTED = {
        {
            "the meeting about the budget moves to Thursday morning", "I have attached the minutes of the committee",
            "your parcel with the two books was handed to the carrier",
                    "the build of the release branch is green again",
            "shall we have lunch at the station before the train leaves", "the invoice for October is in the annex",
            "the children have their concert at school on Friday", "the garden club shows how roses are cut"
        },
        {
            "la réunion du budget est reportée à jeudi matin", "vous trouverez ci-joint le compte rendu du comité",
            "votre colis a été remis au transporteur", "la facture d'octobre est en annexe",
            "on déjeune ensemble près de la gare samedi", "les enfants ont leur concert à l'école vendredi"
        },
        {
            "die Besprechung zum Haushalt ist am Donnerstag", "im Anhang finden Sie das Protokoll des Ausschusses",
            "Ihr Paket wurde dem Zusteller übergeben", "die Rechnung für Oktober liegt bei",
            "wollen wir vor der Abfahrt am Bahnhof essen", "die Kinder haben am Freitag Konzert in der Schule"
        },
        {
            "la reunión del presupuesto pasa al jueves", "adjunto el acta del comité",
            "su paquete fue entregado al transportista", "la factura de octubre está en el anexo",
            "comemos juntos cerca de la estación el sábado", "los niños tienen concierto en la escuela el viernes"
        }
    };
    private static final String[][] WANTED_HELD = {
        {"the vet can see the dog on Monday at nine", "our choir rehearses the cantata twice before Christmas"},
        {"le vétérinaire recevra le chien lundi à neuf heures", "la chorale répète la cantate deux fois avant Noël"},
        {"der Tierarzt kann den Hund am Montag ansehen", "unser Chor probt die Kantate zweimal vor Weihnachten"},
        {"el veterinario puede ver al perro el lunes", "nuestro coro ensaya la cantata antes de Navidad"}
    };
    private static final String[][] JUNK = {
        {
            "you have won the lottery and are the beneficiary of two million dollars",
                    "cheap pills without any doctor, shipped tonight",
            "instant loan offer with bad credit, guaranteed approval today",
                    "online casino welcome bonus with free spins for you",
            "your account has been limited, verify your account at once",
                    "double your coins with our trading robot, daily profit",
            "lose weight in ten days with this miracle cure", "replica watches of all famous brands at half price"
        },
        {
            "vous avez gagné à la loterie, vous êtes le bénéficiaire de deux millions d'euros",
                    "pilules sans ordonnance livrées cette nuit",
            "prêt rapide accordé sans justificatif, offre de prêt garantie",
                    "casino en ligne avec bonus de bienvenue et tours gratuits",
            "votre compte a été limité, vérifiez votre compte",
                    "perdre du poids en dix jours grâce à cette cure miracle"
        },
        {
            "Sie haben gewonnen, zwei Millionen Euro aus der Lotterie warten",
                    "Tabletten ohne Rezept noch heute geliefert",
            "Sofortkredit ohne Schufa mit garantierter Zusage", "Online-Casino mit Willkommensbonus und Freispielen",
            "Ihr Konto wurde gesperrt, Konto verifizieren", "abnehmen in zehn Tagen mit dem Wundermittel"
        },
        {
            "usted ha ganado la lotería, es beneficiario de dos millones de dólares",
                    "pastillas sin receta enviadas esta noche",
            "préstamo inmediato sin aval aprobado hoy", "casino en línea con bono de bienvenida y giros gratis",
            "cuenta suspendida, verifique su cuenta ahora", "perder peso en diez días con la cura milagrosa"
        }
    };
    private static final String[][] JUNK_HELD = {
        {"lonely ladies in your town wait for your message tonight", "secret of rich people that banks hide from you"},
        {"des femmes seules de votre ville attendent votre message", "le secret des riches que les banques vous cachent"
        },
        {"einsame Frauen in Ihrer Stadt warten auf Ihre Nachricht", "das Geheimnis der Reichen, das Banken verschweigen"
        },
        {"mujeres solas de su ciudad esperan su mensaje", "el secreto de los ricos que los bancos ocultan"}
    };
    private static final String[] PEOPLE = {"anna", "bruno", "clara", "david", "elise", "frank", "gloria", "hugo"};

    private final Random random;
    private final boolean held;
    private int count;

    MadeUpMail(long seed, boolean held) {
        this.random = new Random(seed);
        this.held = held;
    }

    Octets wanted() {
        return wanted(300 + random.nextInt(1_500));
    }

    Octets wanted(int chars) {
        int language = random.nextInt(4);
        String theme = one(held && random.nextInt(4) == 0 ? WANTED_HELD[language] : WANTED[language]);
        String text = text(language, WANTED[language], theme, chars);
        String domain = "office" + random.nextInt(held ? 80 : 40) + ".example";
        // Careless programs send wanted mail too.
        boolean careless = random.nextInt(20) == 0;
        boolean newsletter = random.nextInt(4) == 0;
        String body = newsletter ? html(text, "https://" + domain + "/read/" + random.nextInt(1_000)) : text;
        return message(one(PEOPLE), domain, theme, body, newsletter, !careless, false);
    }

    Octets junk() {
        int language = random.nextInt(4);
        String theme = one(held && random.nextInt(4) == 0 ? JUNK_HELD[language] : JUNK[language]);
        String text = text(language, JUNK[language], theme, 200 + random.nextInt(900));
        String domain = "x" + Integer.toHexString(random.nextInt()) + ".example";
        boolean html = random.nextInt(2) == 0;
        String link = random.nextInt(4) == 0
                ? "http://203.0.113." + random.nextInt(255) + "/go"
                : "http://" + domain + "/" + Integer.toHexString(random.nextInt());
        String body = html ? html(text, link) : text + "\r\n" + link + "\r\n";
        return message(one(PEOPLE), domain, theme, body, html, random.nextInt(2) == 0, random.nextInt(3) == 0);
    }

    private String text(int language, String[] themes, String theme, int chars) {
        List<String> sentences = new ArrayList<>(List.of(capital(theme) + "."));
        int length = theme.length();
        while (length < chars) {
            String next = random.nextInt(3) == 0 ? capital(one(themes)) + "." : one(FILLING[language]);
            sentences.add(next);
            length += next.length();
        }
        return String.join("\r\n", sentences) + "\r\n";
    }

    private static String html(String text, String link) {
        return "<html><body><p>" + text.replace("\r\n", "<br>\r\n") + "</p><a href=\"" + link
                + "\">&gt;&gt;</a><img src=\"" + link + ".png\"></body></html>\r\n";
    }

    private Octets message(
            String name, String domain, String subject, String body, boolean html, boolean careful, boolean loud) {
        StringBuilder out = new StringBuilder();
        out.append("From: ")
                .append(capital(name))
                .append(" <")
                .append(name)
                .append('@')
                .append(domain)
                .append(">\r\n");
        out.append("To: <reader@example.com>\r\n");
        out.append("Subject: ")
                .append(loud ? subject.toUpperCase(java.util.Locale.ROOT) : subject)
                .append("\r\n");
        out.append("MIME-Version: 1.0\r\nContent-Type: text/").append(html ? "html" : "plain");
        out.append("; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n");
        if (careful) {
            Instant date = NOW.minus(Duration.ofMinutes(random.nextInt(300)));
            out.append("Date: ")
                    .append(DateTimes.format(date.atOffset(ZoneOffset.UTC)))
                    .append("\r\n");
            out.append("Message-ID: <")
                    .append(++count)
                    .append('.')
                    .append(random.nextInt(1 << 20))
                    .append('@');
            out.append(domain).append(">\r\n");
        }
        return Octets.of(out.append("\r\n").append(body).toString());
    }

    private String one(String[] all) {
        return all[random.nextInt(all.length)];
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
