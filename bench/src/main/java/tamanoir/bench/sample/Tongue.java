package tamanoir.bench.sample;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/// What people of one language are called, write about, and in which character set their programs of old sent it.
///
/// The texts are there to be hard on a screen: German words that do not break, scripts without spaces or from right to
/// left, accents in names.
@SuppressWarnings("ImmutableEnumChecker") // Its lists are made by List.of.
enum Tongue {
    ENGLISH(
            StandardCharsets.UTF_8,
            "Re: ",
            "Hello %s,",
            "Best wishes",
            "On %s, %s wrote:",
            List.of("Grace", "Oliver", "Priya", "Tom", "Hannah", "Ibrahim", "Charlotte", "Dylan", "Maeve", "Ravi"),
            List.of("Walker", "O’Brien", "Patel", "Hughes", "Okafor", "Fitzgerald", "Lindqvist", "Chen-Robertson"),
            List.of(
                    "Budget for the second quarter",
                    "Lunch on Thursday?",
                    "Notes from the weekly meeting",
                    "Contract, third draft",
                    "The pipeline is green again",
                    "Tickets for the conference",
                    "Photos from the weekend",
                    "Question about the invoice",
                    "Keys for the new office",
                    "Design review moved to 15:00",
                    "Backup of the file server finished",
                    "Interview feedback"),
            List.of(
                    "the budget still needs a line for travel and one for the printers that nobody likes",
                    "could you look at the second page before the meeting and tell me what is missing",
                    "we moved the launch to the week after, because the storage network is being rebuilt",
                    "the pipeline failed twice in the night and was fine when somebody started it again",
                    "I attach the minutes; please answer by Friday if a name is spelled wrongly",
                    "the customer asked for a shorter contract and a longer warranty, in this order",
                    "nobody has touched the prototype since March, so we may as well begin anew",
                    "there is cake in the kitchen, and it will not be there for long",
                    "if the train is late I shall take the bus, and if the bus is late I shall walk",
                    "the report is twelve pages long and says on the last one what everybody knew before")),
    FRENCH(
            StandardCharsets.ISO_8859_1,
            "Re: ",
            "Bonjour %s,",
            "Bien à vous",
            "Le %s, %s a écrit :",
            List.of("Élise", "Benoît", "Chloé", "Gaël", "Léa", "Théo", "Marguerite", "François", "Anaïs", "Loïc"),
            List.of("Lefèvre", "Moreau", "Durand", "Saint-Exupéry", "Gauthier", "d’Aubigné", "Petit", "Benoît-Lévy"),
            List.of(
                    "Réunion de rentrée reportée",
                    "Facture du mois de février",
                    "Devis pour la façade nord",
                    "Compte rendu du comité",
                    "Où en est le budget ?",
                    "Livraison des chaises",
                    "Invitation à l’inauguration",
                    "Planning de l’équipe"),
            List.of(
                    "le devis est arrivé ce matin et dépasse de loin ce que nous avions prévu",
                    "pourriez-vous relire la dernière page avant la réunion de jeudi",
                    "le serveur de courrier a été remplacé et tout le monde a gardé ses dossiers",
                    "les chaises seront livrées mardi, sauf celles que nous avons renvoyées",
                    "je joins le compte rendu ; dites-moi s’il manque quelque chose",
                    "l’équipe du sous-sol demande une fenêtre, ce qui paraît difficile",
                    "la formation a été déplacée au mois d’août, hélas")),
    GERMAN(
            StandardCharsets.ISO_8859_1,
            "AW: ",
            "Guten Tag %s,",
            "Mit freundlichen Grüßen",
            "Am %s schrieb %s:",
            List.of("Jürgen", "Änne", "Käthe", "Sebastian", "Günther", "Friederike", "Björn", "Annegret"),
            List.of(
                    "Müller-Lüdenscheidt",
                    "Großkreutz",
                    "Schönfeld",
                    "von Schnurbein-Hohenlohe",
                    "Weiß",
                    "Oberhauser",
                    "Leutheusser"),
            List.of(
                    "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
                    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz: Stellungnahme",
                    "Terminverschiebung der Aufsichtsratssitzung",
                    "Kraftfahrzeughaftpflichtversicherungsbestätigung",
                    "Rechnung über die Instandhaltungsarbeiten",
                    "Grundstücksverkehrsgenehmigungszuständigkeit",
                    "Zuständigkeitsänderungsmitteilung"),
            List.of(
                    "die Geschwindigkeitsbegrenzungsschilder vor dem Verwaltungsgebäude sind noch nicht geliefert",
                    "bitte prüfen Sie die Reisekostenabrechnungsunterlagen bis zum Wochenende",
                    "die Wohnungseigentümerversammlung wurde wegen der Heizungsmodernisierung verschoben",
                    "das Budget für die Öffentlichkeitsarbeit ist so gut wie aufgebraucht",
                    "im Keller steht noch eine Kiste mit Straßenverkehrsordnungssonderausgaben",
                    "der Vertrag liegt bei, die Unterschrift fehlt noch")),
    SPANISH(
            StandardCharsets.UTF_8,
            "Re: ",
            "Hola %s:",
            "Un saludo",
            "El %s, %s escribió:",
            List.of("Íñigo", "Begoña", "Ángel", "María José", "Raúl", "Ximena"),
            List.of("Núñez", "García Márquez", "Ibáñez", "de la Peña", "Muñoz"),
            List.of(
                    "¿Comemos el viernes?",
                    "Presupuesto para el año próximo",
                    "Acta de la reunión",
                    "Entrega de los muebles"),
            List.of(
                    "el presupuesto llegó ayer y nadie lo ha leído todavía",
                    "mañana cerramos a las dos porque viene el electricista",
                    "adjunto el acta de la reunión con las correcciones de Begoña",
                    "el señor de la limpieza pregunta dónde están las llaves")),
    JAPANESE(
            Charset.forName("ISO-2022-JP"),
            "Re: ",
            "%sさん",
            "よろしくお願いいたします",
            "%s、%sさんは書きました：",
            List.of("太郎", "花子", "健一", "美咲", "大輔"),
            List.of("山田", "佐藤", "鈴木", "高橋", "渡辺"),
            List.of("会議の資料について", "来週の打ち合わせ", "請求書の件", "サーバー移行のお知らせ", "ご確認のお願い"),
            List.of(
                    "お世話になっております。会議の資料を送りますので、ご確認ください。",
                    "来週の打ち合わせは、水曜日の午後三時からに変更になりました。",
                    "請求書の金額に誤りがありましたので、訂正したものを添付いたします。",
                    "メールサーバーの移行は無事に終わりました。設定の変更は必要ありません。")),
    CHINESE(
            StandardCharsets.UTF_8,
            "回复: ",
            "%s，您好：",
            "此致敬礼",
            "%s，%s 写道：",
            List.of("伟", "芳", "秀英", "建国", "小明"),
            List.of("王", "李", "张", "欧阳", "司马"),
            List.of("关于下周会议的安排", "合同第三稿", "发票请查收", "邮件服务器升级通知", "周末一起吃饭吗"),
            List.of(
                    "附件是合同的第三稿，请在星期五之前提出意见。",
                    "会议改到下午三点，地点不变，请大家准时参加。",
                    "预算已经批准，但是差旅费用需要单独申请。",
                    "新的邮件服务器已经上线，如有问题请随时联系我们。")),
    ARABIC(
            StandardCharsets.UTF_8,
            "رد: ",
            "مرحبا %s،",
            "مع أطيب التحيات",
            "في %s كتب %s:",
            List.of("فاطمة", "أحمد", "ليلى", "يوسف", "نور"),
            List.of("الخطيب", "بن علي", "حداد", "المصري"),
            List.of("موعد الاجتماع القادم", "فاتورة شهر مارس", "صور من الرحلة", "مسودة العقد 3"),
            List.of(
                    "أرسل لكم محضر الاجتماع، الرجاء الرد قبل يوم الخميس.",
                    "تم تأجيل الموعد إلى الساعة 15:30 في المكتب الجديد.",
                    "الميزانية الجديدة تشمل مصاريف السفر والطابعات (PDF مرفق).",
                    "شكرا على الصور الجميلة، سأطبع بعضها للعائلة.")),
    HEBREW(
            StandardCharsets.UTF_8,
            "Re: ",
            "שלום %s,",
            "בברכה",
            "ב־%s כתב %s:",
            List.of("נועה", "איתי", "תמר", "יונתן"),
            List.of("כהן", "לוי", "בן־דוד", "מזרחי"),
            List.of("ישיבת צוות ביום ראשון", "חשבונית מס׳ 4711", "הצעת מחיר מעודכנת"),
            List.of(
                    "מצורף סיכום הישיבה, אנא הגיבו עד יום חמישי.",
                    "הפגישה נדחתה לשעה 15:30 במשרד החדש.",
                    "התקציב אושר, אבל הנסיעות עדיין דורשות אישור נפרד.")),
    RUSSIAN(
            Charset.forName("KOI8-R"),
            "Re: ",
            "Здравствуйте, %s!",
            "С уважением",
            "%s, %s пишет:",
            List.of("Ольга", "Дмитрий", "Екатерина", "Алексей", "Надежда"),
            List.of("Иванова", "Кузнецов", "Римский-Корсаков", "Щербакова"),
            List.of("Протокол совещания", "Счёт за октябрь", "Перенос сроков", "Фотографии с выходных"),
            List.of(
                    "во вложении протокол совещания, замечания прошу прислать до пятницы",
                    "бюджет утверждён, но командировки нужно согласовать отдельно",
                    "почтовый сервер переехал, настройки менять не надо",
                    "встреча переносится на четверг, на половину четвёртого"));

    final Charset old;
    final String answer;
    final String greeting;
    final String closing;
    final String attribution;
    private final List<String> first;
    private final List<String> last;
    private final List<String> subjects;
    private final List<String> sentences;

    Tongue(
            Charset old,
            String answer,
            String greeting,
            String closing,
            String attribution,
            List<String> first,
            List<String> last,
            List<String> subjects,
            List<String> sentences) {
        this.old = old;
        this.answer = answer;
        this.greeting = greeting;
        this.closing = closing;
        this.attribution = attribution;
        this.first = first;
        this.last = last;
        this.subjects = subjects;
        this.sentences = sentences;
    }

    /// Someone who writes in it, by weight: most of the mail is English, French and German.
    static Tongue any(RandomGenerator random) {
        int share = random.nextInt(100);
        return share < 40
                ? ENGLISH
                : share < 60
                        ? FRENCH
                        : share < 78
                                ? GERMAN
                                : share < 83
                                        ? SPANISH
                                        : share < 88
                                                ? JAPANESE
                                                : share < 92
                                                        ? CHINESE
                                                        : share < 95 ? ARABIC : share < 97 ? HEBREW : RUSSIAN;
    }

    boolean isRightToLeft() {
        return this == ARABIC || this == HEBREW;
    }

    /// The family name comes first in the east.
    Person person(RandomGenerator random) {
        int f = random.nextInt(first.size());
        int l = random.nextInt(last.size());
        String name = this == JAPANESE
                ? last.get(l) + " " + first.get(f)
                : this == CHINESE ? last.get(l) + first.get(f) : first.get(f) + " " + last.get(l);
        String address = name().toLowerCase(java.util.Locale.ROOT).substring(0, 2) + "." + (char) ('a' + f)
                + (char) ('a' + l) + "." + (f * last.size() + l) + "@" + house(random.nextInt(1 + (f + l) % 3));
        return new Person(this, name, first.get(f), address);
    }

    private static String house(int number) {
        return number == 0 ? "example.net" : number == 1 ? "mail.example.org" : "partner.example";
    }

    String subject(RandomGenerator random) {
        return pick(subjects, random);
    }

    String sentence(RandomGenerator random) {
        String sentence = pick(sentences, random);
        return sentence.endsWith("。") || sentence.endsWith(".")
                ? sentence
                : Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1) + ".";
    }

    String paragraph(RandomGenerator random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            text.append(text.isEmpty() ? "" : " ").append(sentence(random));
        }
        return text.toString();
    }

    static <T> T pick(List<T> list, RandomGenerator random) {
        return list.get(random.nextInt(list.size()));
    }

    /// Who wrote it.
    record Person(Tongue tongue, String name, String firstName, String address) {}
}
