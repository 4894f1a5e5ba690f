package tamanoir.server.filter.junk;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What junk says, in some languages, for the days before anybody has taught. Two phrases of a group must occur: one
/// alone stands in honest mail too.
final class Phrases {
    private static final int ENOUGH = 2;
    private static final int LOOKED_AT = 32 << 10;

    private static final Map<Rule, List<String>> GROUPS = new EnumMap<>(Map.of(
            Rule.WORDS_FORTUNE,
            List.of(
                    "million dollars",
                    "million euros",
                    "million pounds",
                    "next of kin",
                    "inheritance",
                    "lottery",
                    "you have won",
                    "winning number",
                    "beneficiary",
                    "compensation fund",
                    "atm card",
                    "late client",
                    "confidential business",
                    "diplomatic courier",
                    "héritage",
                    "vous avez gagné",
                    "millions d'euros",
                    "bénéficiaire",
                    "loterie",
                    "erbschaft",
                    "sie haben gewonnen",
                    "millionen euro",
                    "lotterie",
                    "herencia",
                    "ha ganado",
                    "millones de",
                    "beneficiario",
                    "lotería",
                    "eredità",
                    "hai vinto",
                    "milioni di euro",
                    "loteria",
                    "herança",
                    "você ganhou"),
            Rule.WORDS_EXTORTION,
            List.of(
                    "i recorded you",
                    "your webcam",
                    "bitcoin wallet",
                    "btc wallet",
                    "adult website",
                    "i hacked",
                    "all your contacts",
                    "send the video",
                    "48 hours",
                    "your device was",
                    "j'ai piraté",
                    "votre webcam",
                    "portefeuille bitcoin",
                    "tous vos contacts",
                    "ihre webcam",
                    "bitcoin-adresse",
                    "gehackt",
                    "alle ihre kontakte",
                    "tu cámara",
                    "cartera bitcoin",
                    "todos tus contactos"),
            Rule.WORDS_MEDICINE,
            List.of(
                    "viagra",
                    "cialis",
                    "no prescription",
                    "online pharmacy",
                    "weight loss",
                    "lose weight",
                    "male enhancement",
                    "erectile",
                    "miracle cure",
                    "sans ordonnance",
                    "perdre du poids",
                    "pharmacie en ligne",
                    "ohne rezept",
                    "abnehmen",
                    "online-apotheke",
                    "potenzmittel",
                    "sin receta",
                    "perder peso",
                    "farmacia en línea",
                    "senza ricetta",
                    "perdere peso"),
            Rule.WORDS_LOAN,
            List.of(
                    "instant loan",
                    "loan offer",
                    "low interest",
                    "bad credit",
                    "debt relief",
                    "guaranteed approval",
                    "crypto investment",
                    "guaranteed return",
                    "double your",
                    "daily profit",
                    "financial freedom",
                    "work from home",
                    "passive income",
                    "prêt rapide",
                    "taux d'intérêt",
                    "offre de prêt",
                    "investissement garanti",
                    "sofortkredit",
                    "ohne schufa",
                    "garantierte rendite",
                    "passives einkommen",
                    "préstamo",
                    "sin aval",
                    "ganancias garantizadas",
                    "prestito"),
            Rule.WORDS_GAMBLING,
            List.of(
                    "online casino",
                    "free spins",
                    "welcome bonus",
                    "no deposit",
                    "jackpot",
                    "slot machine",
                    "casino en ligne",
                    "tours gratuits",
                    "bonus de bienvenue",
                    "freispiele",
                    "willkommensbonus",
                    "online-casino",
                    "giros gratis",
                    "bono de bienvenida",
                    "giri gratis"),
            Rule.WORDS_ACCOUNT,
            List.of(
                    "verify your account",
                    "account suspended",
                    "account has been",
                    "confirm your identity",
                    "unusual activity",
                    "mailbox is full",
                    "password expires",
                    "update your payment",
                    "will be deleted",
                    "vérifiez votre compte",
                    "compte suspendu",
                    "compte a été",
                    "confirmez votre identité",
                    "activité inhabituelle",
                    "mettre à jour vos",
                    "konto wurde gesperrt",
                    "bestätigen sie ihr",
                    "ungewöhnliche aktivität",
                    "konto verifizieren",
                    "verifique su cuenta",
                    "cuenta suspendida",
                    "actividad inusual",
                    "verifica il tuo account",
                    "account sospeso"),
            Rule.WORDS_URGENT,
            List.of(
                    "act now",
                    "click here",
                    "limited time",
                    "urgent",
                    "immediately",
                    "once in a lifetime",
                    "risk free",
                    "100% free",
                    "cliquez ici",
                    "offre limitée",
                    "immédiatement",
                    "klicken sie hier",
                    "nur heute",
                    "sofort handeln",
                    "haga clic aquí",
                    "tiempo limitado",
                    "clicca qui")));

    /// Characters of a phrase that lead to it; none is shorter.
    private static final int KEY = 4;

    private static final int PLACES = 4096;

    private record Phrase(Rule rule, String text) {}

    /// Phrases by a hash of their first characters, so that a text is walked through once for all of them.
    private static final Phrase[][] PHRASES = indexed();

    private Phrases() {}

    private static Phrase[][] indexed() {
        Phrase[][] places = new Phrase[PLACES][0];
        GROUPS.forEach((rule, phrases) -> phrases.forEach(text -> {
            int at = place(text, 0);
            places[at] = Arrays.copyOf(places[at], places[at].length + 1);
            places[at][places[at].length - 1] = new Phrase(rule, text);
        }));
        return places;
    }

    private static int place(String text, int at) {
        int hash = text.charAt(at);
        for (int i = 1; i < KEY; i++) {
            hash = hash * 31 + text.charAt(at + i);
        }
        return (hash ^ hash >>> 12) & PLACES - 1;
    }

    static void judge(Contents contents, List<Reason> reasons) {
        CharSequence text = contents.text();
        String low = (contents.subject() + '\n' + text.subSequence(0, Math.min(text.length(), LOOKED_AT)))
                .toLowerCase(Locale.ROOT);
        Map<Rule, Set<Phrase>> found = new EnumMap<>(Rule.class);
        for (int i = 0; i + KEY <= low.length(); i++) {
            for (Phrase phrase : PHRASES[place(low, i)]) {
                if (low.startsWith(phrase.text, i)) {
                    found.computeIfAbsent(phrase.rule, _ -> new HashSet<>()).add(phrase);
                }
            }
        }
        found.forEach((rule, phrases) -> {
            if (phrases.size() >= ENOUGH) {
                reasons.add(new Reason(rule));
            }
        });
    }
}
