package tamanoir.server.filter.junk;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tamanoir.mail.text.NeedleScan;

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

    private static final List<Map.Entry<Rule, List<String>>> RULES = List.copyOf(GROUPS.entrySet());
    /// Which group a phrase belongs to, by their numbers.
    private static final int[] OWNER = RULES.stream()
            .flatMapToInt(group -> group.getValue().stream().mapToInt(_ -> RULES.indexOf(group)))
            .toArray();
    private static final NeedleScan SCAN = NeedleScan.of(RULES.stream()
                    .flatMap(group -> group.getValue().stream())
                    .map(List::of)
                    .toList())
            .orElseThrow();

    private Phrases() {}

    static void judge(Contents contents, List<Reason> reasons) {
        CharSequence text = contents.text();
        BitSet said = SCAN.in(text.subSequence(0, Math.min(text.length(), LOOKED_AT)));
        said.or(SCAN.in(contents.subject()));
        int[] counts = new int[RULES.size()];
        said.stream().forEach(phrase -> counts[OWNER[phrase]]++);
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] >= ENOUGH) {
                reasons.add(new Reason(RULES.get(i).getKey()));
            }
        }
    }
}
